// RUN: %check_race %s race-use-after-release -- -std=c++17
// Behind a call of what always throws nothing follows.
#include <cerrno>
#include <string>
#include <fcntl.h>
#include <stdexcept>
#include <unistd.h>

struct IOError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

static void fail(int Code, const std::string &Path) {
  switch (Code) {
  case EIO:
    throw IOError(Path);
  case EPERM:
    throw std::logic_error(Path);
  default:
    throw std::runtime_error(Path);
  }
}
static void failWith(const std::string &Path) { fail(errno, Path); }

static void failIfAny(int Code, const std::string &Path) {
  switch (Code) {
  case 0:
    return;
  default:
    throw std::runtime_error(Path);
  }
}
static void failOften(int Code, const std::string &Path) {
  switch (Code) {
  case EIO:
    throw IOError(Path);
  case EPERM:
    throw std::logic_error(Path);
  }
}
struct Handler {
  virtual ~Handler();
  virtual void fail(const std::string &Path) { throw IOError(Path); }
};

void thrownGood(const std::string &Path, char *Buffer) {
  int Fd = open(Path.c_str(), O_RDONLY);
  if (read(Fd, Buffer, 1) < 0) {
    close(Fd);
    failWith(Path);
  }
  read(Fd, Buffer, 1);
  close(Fd);
}
void mayReturnBad(const std::string &Path, char *Buffer) {
  int Fd = open(Path.c_str(), O_RDONLY);
  if (read(Fd, Buffer, 1) < 0) {
    close(Fd);
    failIfAny(errno, Path);
  }
  read(Fd, Buffer, 1);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'Fd' is used after it was closed
}
void noDefaultBad(const std::string &Path, char *Buffer) {
  int Fd = open(Path.c_str(), O_RDONLY);
  if (read(Fd, Buffer, 1) < 0) {
    close(Fd);
    failOften(errno, Path);
  }
  read(Fd, Buffer, 1);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'Fd' is used after it was closed
}
// Another body may return.
void virtualBad(Handler &H, const std::string &Path, char *Buffer) {
  int Fd = open(Path.c_str(), O_RDONLY);
  if (read(Fd, Buffer, 1) < 0) {
    close(Fd);
    H.fail(Path);
  }
  read(Fd, Buffer, 1);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'Fd' is used after it was closed
}
