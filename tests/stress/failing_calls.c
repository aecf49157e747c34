/* Makes system calls of a program fail, loaded before all other libraries.
   FAIL_CALL names the call; it fails at its FAIL_AT-th use since main began, and at every later one if FAIL_EVER is set,
   with FAIL_ERRNO (EIO). Each call's number of uses is written to the file FAIL_REPORT when the program ends. Calls that
   the C library makes within itself are not seen. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OPEN, READ, WRITE, CLOSE, FSYNC, RENAME, MKDIR, OPENDIR, MMAP, MALLOC, THREAD, CALLS };
static const char* const names[CALLS] = {"open",    "read", "write",  "close",         "fsync", "rename", "mkdir",
                                         "opendir", "mmap", "malloc", "pthread_create"};
static atomic_long used[CALLS];
static atomic_int armed;
static int failing = -1, for_ever, reason = EIO;
static long fail_at;

/* Whether this use of a call fails; errno says why. */
static int fails(int call) {
  if (!armed) return 0;
  const long use = atomic_fetch_add(&used[call], 1) + 1;
  if (call != failing || (for_ever ? use < fail_at : use != fail_at)) return 0;
  errno = reason;
  return 1;
}

static void report(void) {
  const char* path = getenv("FAIL_REPORT");
  armed = 0;
  FILE* file = path ? fopen(path, "w") : NULL;
  if (!file) return;
  for (int call = 0; call < CALLS; ++call) fprintf(file, "%s %ld\n", names[call], atomic_load(&used[call]));
  fclose(file);
}

static int (*real_main)(int, char**, char**);
static int begin(int argc, char** argv, char** environment) {
  const char *call = getenv("FAIL_CALL"), *at = getenv("FAIL_AT"), *error = getenv("FAIL_ERRNO");
  for (int k = 0; call && k < CALLS; ++k)
    if (strcmp(call, names[k]) == 0) failing = k;
  fail_at = at ? atol(at) : 0;
  if (error) reason = atoi(error);
  for_ever = getenv("FAIL_EVER") != NULL;
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

#define REAL(result, name, ...)                         \
  static result (*real)(__VA_ARGS__);                   \
  if (!real) real = dlsym(RTLD_NEXT, name)

static mode_t mode_of(int flags, va_list arguments) { return flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0; }

int open(const char* path, int flags, ...) {
  REAL(int, "open", const char*, int, ...);
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return fails(OPEN) ? -1 : real(path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  REAL(int, "open64", const char*, int, ...);
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return fails(OPEN) ? -1 : real(path, flags, mode);
}
int openat(int folder, const char* path, int flags, ...) {
  REAL(int, "openat", int, const char*, int, ...);
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return fails(OPEN) ? -1 : real(folder, path, flags, mode);
}
ssize_t read(int file, void* to, size_t size) {
  REAL(ssize_t, "read", int, void*, size_t);
  return fails(READ) ? -1 : real(file, to, size);
}
ssize_t pread64(int file, void* to, size_t size, off64_t at) {
  REAL(ssize_t, "pread64", int, void*, size_t, off64_t);
  return fails(READ) ? -1 : real(file, to, size, at);
}
ssize_t write(int file, const void* from, size_t size) {
  REAL(ssize_t, "write", int, const void*, size_t);
  if (file == STDERR_FILENO || !fails(WRITE)) return real(file, from, size);
  return reason == 0 ? 0 : -1; /* a write that takes nothing and gives no reason */
}
int close(int file) {
  REAL(int, "close", int);
  const int answer = real(file); /* as the system does: it is closed whatever close() says */
  return fails(CLOSE) ? -1 : answer;
}
int fsync(int file) {
  REAL(int, "fsync", int);
  return fails(FSYNC) ? -1 : real(file);
}
int rename(const char* from, const char* to) {
  REAL(int, "rename", const char*, const char*);
  return fails(RENAME) ? -1 : real(from, to);
}
int renameat2(int folder, const char* from, int other, const char* to, unsigned flags) {
  REAL(int, "renameat2", int, const char*, int, const char*, unsigned);
  return fails(RENAME) ? -1 : real(folder, from, other, to, flags);
}
int mkdir(const char* path, mode_t mode) {
  REAL(int, "mkdir", const char*, mode_t);
  return fails(MKDIR) ? -1 : real(path, mode);
}
char* mkdtemp(char* path) {
  REAL(char*, "mkdtemp", char*);
  return fails(MKDIR) ? NULL : real(path);
}
DIR* opendir(const char* path) {
  REAL(DIR*, "opendir", const char*);
  return fails(OPENDIR) ? NULL : real(path);
}
void* mmap(void* at, size_t size, int protection, int flags, int file, off_t offset) {
  REAL(void*, "mmap", void*, size_t, int, int, int, off_t);
  return fails(MMAP) ? MAP_FAILED : real(at, size, protection, flags, file, offset);
}
int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*work)(void*), void* argument) {
  REAL(int, "pthread_create", pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
  return fails(THREAD) ? reason : real(thread, attributes, work, argument);
}

/* dlsym itself allocates: the C library's own names serve for these. */
extern void* __libc_malloc(size_t);
extern void* __libc_calloc(size_t, size_t);
extern void* __libc_realloc(void*, size_t);
extern void* __libc_memalign(size_t, size_t);
void* malloc(size_t size) { return fails(MALLOC) ? NULL : __libc_malloc(size); }
void* calloc(size_t count, size_t size) { return fails(MALLOC) ? NULL : __libc_calloc(count, size); }
void* realloc(void* old, size_t size) { return fails(MALLOC) ? NULL : __libc_realloc(old, size); }
void* aligned_alloc(size_t alignment, size_t size) { return fails(MALLOC) ? NULL : __libc_memalign(alignment, size); }
