/* Stands between a program and the calls by which it changes folders, loaded before all other libraries. They are counted
   since main began, all together.
   OUTPUT_AT=N     the N-th of them
   OUTPUT_KILL=1   kills the program (SIGKILL) instead of being made;
   OUTPUT_ERRNO=E  fails with E (0: a write takes nothing, others EIO), once, or with OUTPUT_EVER=1 from then on whenever it is of the same kind
   OUTPUT_LACK=exchange,noreplace,link  what the file system does not know
   OUTPUT_REPORT=FILE  gets their number at the end */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum kind { CREATE, WRITE, SYNC, RENAME, LINK, REMOVE, MAKE, NONE };
static atomic_long used;
static atomic_int armed, failing = NONE;
static long at;
static int kills, for_ever, reason;
static const char* lack = "";

static int fails(enum kind kind) {
  if (!armed) return 0;
  const long use = atomic_fetch_add(&used, 1) + 1;
  if (use == at && kills) kill(getpid(), SIGKILL);
  if (use == at) failing = kind;
  if (use != at && !(for_ever && failing == (int)kind)) return 0;
  errno = reason == 0 && kind != WRITE ? EIO : reason;
  return 1;
}

static void report(void) {
  const char* path = getenv("OUTPUT_REPORT");
  armed = 0;
  FILE* file = path ? fopen(path, "w") : NULL;
  if (!file) return;
  fprintf(file, "%ld\n", atomic_load(&used));
  fclose(file);
}

static int (*real_main)(int, char**, char**);
static int begin(int argc, char** argv, char** environment) {
  const char *number = getenv("OUTPUT_AT"), *error = getenv("OUTPUT_ERRNO"), *missing = getenv("OUTPUT_LACK");
  at = number ? atol(number) : 0;
  kills = getenv("OUTPUT_KILL") != NULL;
  for_ever = getenv("OUTPUT_EVER") != NULL;
  if (error) reason = atoi(error);
  if (missing) lack = missing;
  const char* slash = strrchr(argv[0], '/');
  armed = strcmp(slash ? slash + 1 : argv[0], "chokepoint") == 0; /* and not what it starts */
  if (armed) atexit(report);
  return real_main(argc, argv, environment);
}

int __libc_start_main(int (*main)(int, char**, char**), int argc, char** argv, void (*init)(void), void (*fini)(void),
                      void (*linker_fini)(void), void* stack_end) {
  int (*real)(int (*)(int, char**, char**), int, char**, void (*)(void), void (*)(void), void (*)(void), void*) =
      dlsym(RTLD_NEXT, "__libc_start_main");
  real_main = main;
  return real(begin, argc, argv, init, fini, linker_fini, stack_end);
}

#define REAL(result, name, ...)        \
  static result (*real)(__VA_ARGS__);  \
  if (!real) real = dlsym(RTLD_NEXT, name)

int openat(int folder, const char* path, int flags, ...) {
  REAL(int, "openat", int, const char*, int, ...);
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  return (flags & O_CREAT) && fails(CREATE) ? -1 : real(folder, path, flags, mode);
}
ssize_t write(int file, const void* from, size_t size) {
  REAL(ssize_t, "write", int, const void*, size_t);
  if (file <= STDERR_FILENO || !fails(WRITE)) return real(file, from, size);
  return reason == 0 ? 0 : -1;
}
int fsync(int file) {
  REAL(int, "fsync", int);
  return fails(SYNC) ? -1 : real(file);
}
int renameat(int folder, const char* from, int other, const char* to) {
  REAL(int, "renameat", int, const char*, int, const char*);
  return fails(RENAME) ? -1 : real(folder, from, other, to);
}
int renameat2(int folder, const char* from, int other, const char* to, unsigned flags) {
  REAL(int, "renameat2", int, const char*, int, const char*, unsigned);
  if (armed && strstr(lack, flags & RENAME_EXCHANGE ? "exchange" : "noreplace")) return errno = EINVAL, -1;
  return fails(RENAME) ? -1 : real(folder, from, other, to, flags);
}
int linkat(int folder, const char* from, int other, const char* to, int flags) {
  REAL(int, "linkat", int, const char*, int, const char*, int);
  if (armed && strstr(lack, "link")) return errno = EPERM, -1;
  return fails(LINK) ? -1 : real(folder, from, other, to, flags);
}
int unlinkat(int folder, const char* path, int flags) {
  REAL(int, "unlinkat", int, const char*, int);
  return fails(REMOVE) ? -1 : real(folder, path, flags);
}
int mkdir(const char* path, mode_t mode) {
  REAL(int, "mkdir", const char*, mode_t);
  return fails(MAKE) ? -1 : real(path, mode);
}
int mkdirat(int folder, const char* path, mode_t mode) {
  REAL(int, "mkdirat", int, const char*, mode_t);
  return fails(MAKE) ? -1 : real(folder, path, mode);
}
