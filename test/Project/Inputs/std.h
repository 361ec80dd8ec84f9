// What docs/examples and docs/checks use of the standard library, as
// declarations: code that includes only this takes milliseconds to parse. The
// names, and what is const or a reference, are as in the real one.
#pragma GCC system_header

extern "C" int printf(const char *, ...);

namespace std {
using size_t = decltype(sizeof(0));
using ::printf;

template <typename T> struct remove_reference {
  using type = T;
};
template <typename T> struct remove_reference<T &> {
  using type = T;
};
template <typename T> struct remove_reference<T &&> {
  using type = T;
};
template <typename T>
constexpr typename remove_reference<T>::type &&move(T &&value) noexcept {
  return static_cast<typename remove_reference<T>::type &&>(value);
}
template <typename T> const T &max(const T &a, const T &b) {
  return a < b ? b : a;
}

template <typename A, typename B> struct pair {
  A first;
  B second;
};
template <typename T> struct tuple_size;
template <size_t I, typename T> struct tuple_element;

class string {
public:
  string();
  string(const char *);
  string(const string &);
  string(string &&) noexcept;
  ~string();
  string &operator=(const string &);
  string &operator+=(const string &);
  size_t size() const;
  bool empty() const;
};
string operator+(const string &, const string &);
string operator+(const string &, char);
bool operator==(const string &, const string &);
bool operator==(const string &, const char *);
string to_string(int);

class istringstream {
public:
  explicit istringstream(const string &);
  istringstream &operator>>(int &);
  explicit operator bool() const;
};
istringstream &getline(istringstream &, string &);

struct nullopt_t {};
inline constexpr nullopt_t nullopt{};
template <typename T> class optional {
public:
  optional();
  optional(nullopt_t);
  optional(const T &);
  explicit operator bool() const;
  bool has_value() const;
  T &operator*();
  T *operator->();
};

template <typename T> class unique_ptr {
public:
  unique_ptr();
  explicit unique_ptr(T *);
  unique_ptr(unique_ptr &&) noexcept;
  ~unique_ptr();
  T *get() const;
  T &operator*() const;
  T *operator->() const;
};
template <typename T, typename... Args> unique_ptr<T> make_unique(Args &&...) {
  return unique_ptr<T>(new T());
}

template <typename T> class vector {
public:
  vector();
  vector(const vector &);
  ~vector();
  vector &operator=(const vector &);
  T *begin();
  T *end();
  const T *begin() const;
  const T *end() const;
  size_t size() const;
  bool empty() const;
  T &back();
  const T &back() const;
  T &operator[](size_t);
  void push_back(const T &);
  void push_back(T &&);
  // Bodies where a template takes lambdas, whose types have no linkage.
  template <typename... Args> T &emplace_back(Args &&...) { return back(); }
  void pop_back();
};

template <typename T> struct node_iterator {
  T &operator*() const;
  T *operator->() const;
  node_iterator &operator++();
  bool operator==(const node_iterator &) const;
  bool operator!=(const node_iterator &) const;
};
template <typename K, typename V> class map {
public:
  using iterator = node_iterator<pair<const K, V>>;
  using const_iterator = node_iterator<const pair<const K, V>>;
  map();
  ~map();
  iterator begin();
  iterator end();
  const_iterator begin() const;
  const_iterator end() const;
  iterator find(const K &);
  const_iterator find(const K &) const;
  pair<iterator, bool> emplace(const K &, const V &);
  iterator erase(iterator);
  size_t erase(const K &);
  V &operator[](const K &);
  size_t size() const;
  bool empty() const;
};
template <typename K, typename V> class unordered_map {
public:
  using iterator = node_iterator<pair<const K, V>>;
  using const_iterator = node_iterator<const pair<const K, V>>;
  unordered_map();
  ~unordered_map();
  iterator begin();
  iterator end();
  const_iterator begin() const;
  const_iterator end() const;
  iterator find(const K &);
  const_iterator find(const K &) const;
  pair<iterator, bool> emplace(const K &, const V &);
  iterator erase(iterator);
  size_t erase(const K &);
  V &operator[](const K &);
  size_t size() const;
  bool empty() const;
};

class mutex {
public:
  mutex();
  mutex(const mutex &) = delete;
  void lock();
  bool try_lock();
  void unlock();
};
template <typename M> class lock_guard {
public:
  explicit lock_guard(M &);
  lock_guard(const lock_guard &) = delete;
  ~lock_guard();
};
template <typename M> class unique_lock {
public:
  explicit unique_lock(M &);
  unique_lock(const unique_lock &) = delete;
  ~unique_lock();
  void lock();
  void unlock();
};
class condition_variable {
public:
  void wait(unique_lock<mutex> &);
};

struct once_flag {};
template <typename F, typename... Args>
void call_once(once_flag &, F &&f, Args &&...args) {
  f(args...);
}

template <typename T> class atomic {
public:
  atomic();
  atomic(T);
  operator T() const;
  T load() const;
  void store(T);
  T operator=(T);
  T operator++();
  T fetch_sub(T);
};

class thread {
public:
  thread();
  template <typename F, typename... Args> explicit thread(F &&, Args &&...) {}
  thread(thread &&) noexcept;
  ~thread();
  thread &operator=(thread &&) noexcept;
  void join();
  bool joinable() const;
};

template <typename T> struct reference_wrapper {
  operator T &() const;
};
template <typename T> reference_wrapper<T> ref(T &);

namespace chrono {
struct milliseconds {
  explicit milliseconds(int);
};
} // namespace chrono
namespace this_thread {
void yield();
void sleep_for(const chrono::milliseconds &);
} // namespace this_thread
} // namespace std
