// RUN: %check_race %s race-check-then-act
//
// Files: what is made because it was not there.

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <mutex>
#include <sys/stat.h>
#include <unistd.h>

std::mutex Mu;
int Calls;
void threads() {
  std::lock_guard<std::mutex> Lock(Mu);
  ++Calls;
}

int makeFolderBad(const char *Path) {
  if (access(Path, F_OK) != 0) {
    if (mkdir(Path, 0700) != 0)
      // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'file system': another thread can change it between 'access' and 'mkdir'
      return -1;
  }
  return 0;
}

int makeFolderGood(const char *Path) {
  struct stat S;
  if (stat(Path, &S) != 0) {
    if (mkdir(Path, 0700) != 0 && errno != EEXIST)
      return -1;
  }
  return 0;
}

// Nobody asks whether it was made.
void makeFolderQuietGood(const char *Path) {
  if (access(Path, F_OK) != 0)
    mkdir(Path, 0700);
}

int createBad(const char *Path) {
  struct stat S;
  if (stat(Path, &S) == 0)
    return -1;
  return open(Path, O_WRONLY | O_CREAT, 0600);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'file system': another thread can change it between 'stat' and 'open'
}

int createGood(const char *Path) {
  struct stat S;
  if (stat(Path, &S) == 0)
    return -1;
  return open(Path, O_WRONLY | O_CREAT | O_EXCL, 0600);
}

int readGood(const char *Path) {
  if (access(Path, R_OK) != 0)
    return -1;
  return open(Path, O_RDONLY);
}

FILE *defaultsBad(const char *Path) {
  if (access(Path, F_OK) == 0)
    return nullptr;
  return std::fopen(Path, "w");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'file system': another thread can change it between 'access' and 'fopen'
}

FILE *readFileGood(const char *Path) {
  if (access(Path, F_OK) != 0)
    return nullptr;
  return std::fopen(Path, "r");
}

int otherPathGood(const char *Path, const char *Other) {
  if (access(Path, F_OK) == 0)
    return -1;
  return open(Other, O_WRONLY | O_CREAT, 0600);
}

void removeGood(const char *Path) {
  if (access(Path, F_OK) == 0)
    unlink(Path);
}

// Through functions of the program, and a class for paths.
#include <string>

bool exists(const std::string &Path) {
  return access(Path.c_str(), F_OK) == 0;
}
int makeFolder(const std::string &Path) { return mkdir(Path.c_str(), 0700); }
int makeFolderOnce(const std::string &Path) {
  int Result = mkdir(Path.c_str(), 0700);
  return Result != 0 && errno == EEXIST ? 0 : Result;
}

int throughFunctionsBad(const std::string &Path) {
  if (!exists(Path))
    return makeFolder(Path);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'file system': another thread can change it between 'exists' and 'makeFolder'
  return 0;
}

int throughFunctionsGood(const std::string &Path) {
  if (!exists(Path))
    return makeFolderOnce(Path);
  return 0;
}

class PathName {
public:
  bool exists() const { return access(Name.c_str(), F_OK) == 0; }
  std::string string() const { return Name; }

private:
  std::string Name;
};

int classBad(const PathName &Path) {
  int Status = 0;
  if (!Path.exists())
    Status = mkdir(Path.string().c_str(), 0700);
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'file system': another thread can change it between 'exists' and 'mkdir'
  return Status;
}

int otherObjectGood(const PathName &Path, const PathName &Other) {
  if (!Path.exists())
    return mkdir(Other.string().c_str(), 0700);
  return 0;
}

// Written anew because it was there.
int sortGood(const char *Path) {
  struct stat S;
  if (stat(Path, &S) == -1)
    return -1;
  FILE *Out = fopen(Path, "w");
  return Out ? fclose(Out) : -1;
}

int replaceGood(const char *Path) {
  if (access(Path, F_OK) != 0)
    return -1;
  FILE *Out = fopen(Path, "w");
  return Out ? fclose(Out) : -1;
}

int makeOnceBad(const char *Path) {
  if (access(Path, F_OK) != -1)
    return -1;
  FILE *Out = fopen(Path, "w");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'file system': another thread can change it between 'access' and 'fopen'
  return Out ? fclose(Out) : -1;
}

// A class for paths whose object changes on the way.
#include <string>
class Path {
public:
  explicit Path(std::string P) : Text(std::move(P)) {}
  std::string string() const { return Text; }
  bool exists() const { return access(Text.c_str(), F_OK) == 0; }
  void down(const std::string &Name) { Text += "/" + Name; }

private:
  std::string Text;
};

int makeAllBad(Path P, const std::string *Names, int Count) {
  int Status = 0;
  for (int I = 0; I < Count && Status == 0; ++I) {
    P.down(Names[I]);
    if (!P.exists())
      Status = mkdir(P.string().c_str(), 0777);
      // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'file system': another thread can change it between 'exists' and 'mkdir'
  }
  return Status;
}

// The object is replaced by one that is made anew.
int makeEachBad(const std::string *Names, int Count) {
  Path P("");
  int Status = 0;
  for (int I = 0; I < Count && Status == 0; ++I) {
    if (I == 0)
      P = Path(Names[I]);
    else
      P.down(Names[I]);
    if (!P.exists())
      Status = mkdir(P.string().c_str(), 0777);
      // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'file system': another thread can change it between 'exists' and 'mkdir'
  }
  return Status;
}

// What was asked for is another one by now.
int replacedGood(const std::string &First, const std::string &Second) {
  Path P(First);
  bool There = P.exists();
  P = Path(Second);
  if (!There)
    return mkdir(P.string().c_str(), 0777);
  return 0;
}

int makeAllGood(Path P, const Path &Other, const std::string *Names) {
  P.down(Names[0]);
  if (!Other.exists())
    return mkdir(P.string().c_str(), 0777);
  return 0;
}
