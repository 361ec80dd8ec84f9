// RUN: %check_race %s race-check-then-act
//
// Qt's maps under its locks: thumbnails by the name of their file.

class QString {
public:
  QString(const char *);
  QString(const QString &);
  ~QString();
};
class QPixmap {
public:
  QPixmap();
  QPixmap(const QPixmap &);
  ~QPixmap();
};
class QMutex {
public:
  void lock();
  void unlock();
  bool tryLock(int timeout = 0);
};
template <typename Mutex> class QMutexLocker {
public:
  explicit QMutexLocker(Mutex *m);
  ~QMutexLocker();
  void unlock();
  void relock();
};
class QReadWriteLock {
public:
  void lockForRead();
  void lockForWrite();
  void unlock();
};
class QReadLocker {
public:
  explicit QReadLocker(QReadWriteLock *areadWriteLock);
  ~QReadLocker();
  void unlock();
};
class QWriteLocker {
public:
  explicit QWriteLocker(QReadWriteLock *areadWriteLock);
  ~QWriteLocker();
  void unlock();
};
template <class Key, class T> class QHash {
public:
  class const_iterator {
  public:
    const T &operator*() const;
    const T &value() const;
    bool operator==(const const_iterator &o) const;
    bool operator!=(const const_iterator &o) const;
  };
  class iterator {
  public:
    T &operator*() const;
    T &value() const;
    bool operator==(const iterator &o) const;
    bool operator!=(const iterator &o) const;
  };
  bool contains(const Key &key) const;
  T value(const Key &key) const;
  T &operator[](const Key &key);
  iterator insert(const Key &key, const T &value);
  bool remove(const Key &key);
  T take(const Key &key);
  iterator find(const Key &key);
  const_iterator constFind(const Key &key) const;
  iterator end();
  const_iterator constEnd() const;
  const_iterator cend() const;
  long size() const;
  bool isEmpty() const;
};
template <class Key, class T> class QMap {
public:
  class const_iterator {
  public:
    const T &value() const;
    bool operator==(const const_iterator &o) const;
    bool operator!=(const const_iterator &o) const;
  };
  bool contains(const Key &key) const;
  T value(const Key &key, const T &defaultValue = T()) const;
  T &operator[](const Key &key);
  void insert(const Key &key, const T &value);
  const_iterator constFind(const Key &key) const;
  const_iterator constEnd() const;
};

QPixmap render(const QString &File);

class Thumbnails {
public:
  QPixmap containsBad(const QString &File) {
    {
      QReadLocker Lock(&Shared);
      if (Map.contains(File))
        return Map.value(File);
    }
    QPixmap Made = render(File);
    QWriteLocker Lock(&Shared);
    Map.insert(File, Made);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'Map': another thread can change it between 'contains' and 'insert'
    return Made;
  }
  QPixmap iteratorBad(const QString &File) {
    QMutexLocker<QMutex> Lock(&Mu);
    auto It = Hash.constFind(File);
    if (It != Hash.constEnd())
      return It.value();
    Lock.unlock();
    QPixmap Made = render(File);
    Lock.relock();
    Hash.insert(File, Made);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'Hash': another thread can change it between 'constFind' and 'insert'
    return Made;
  }
  bool known(const QString &File) {
    QMutexLocker<QMutex> Lock(&Mu);
    return Hash.contains(File);
  }
  void keep(const QString &File, const QPixmap &Picture) {
    QMutexLocker<QMutex> Lock(&Mu);
    Hash[File] = Picture;
  }

  QPixmap containsGood(const QString &File) {
    {
      QReadLocker Lock(&Shared);
      auto It = Map.constFind(File);
      if (It != Map.constEnd())
        return It.value();
    }
    QPixmap Made = render(File);
    QWriteLocker Lock(&Shared);
    if (Map.contains(File))
      return Map.value(File);
    Map.insert(File, Made);
    return Made;
  }
  QPixmap takeGood(const QString &File) {
    QMutexLocker<QMutex> Lock(&Mu);
    if (!Hash.contains(File))
      return QPixmap();
    return Hash.take(File);
  }
  // One look, and a value if there is none.
  QPixmap valueGood(const QString &File) {
    QMutexLocker<QMutex> Lock(&Mu);
    return Hash.value(File);
  }

private:
  QMutex Mu;
  QReadWriteLock Shared;
  QHash<QString, QPixmap> Hash;
  QMap<QString, QPixmap> Map;
};

void callerBad(Thumbnails &T, const QString &File) {
  if (!T.known(File))
    T.keep(File, render(File));
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'T': another thread can change it between 'known' and 'keep'
}
