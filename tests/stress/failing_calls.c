/* Stands between a program and the system, loaded before all other libraries, and makes calls fail.
   FAIL_CALL names a call of the table below, or is "changes": all calls by which a program changes folders, counted
   together. FAIL_AT=N      it fails at its N-th use since main began, FAIL_EVER=1    and whenever it is used later
   ("changes": whenever the same call is) FAIL_ERRNO=E   with E (EIO); 0: a write takes nothing and gives no reason, any
   other call fails with EIO FAIL_BY=kill   instead the program dies there: of kill (SIGKILL), abort, access (SIGSEGV)
   or trap (SIGTRAP) FAIL_LACK=exchange,noreplace,link  what the file system does not know FAIL_REPORT=FILE  gets the
   number of uses of each call, and of "changes", at the end FAIL_ROOT=FOLDER  files that are opened by fopen are looked
   for in there first Calls that the C library makes within itself are not seen. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Those up to MKDIR change folders: open counts there only where it may create, write only of files, not to pipes. */
enum { OPEN, WRITE, FSYNC, RENAME, LINK, UNLINK, MKDIR, READ, CLOSE, OPENDIR, MMAP, MALLOC, THREAD, CALLS };
enum { CHANGES = CALLS, COUNTED };
static const char* const names[COUNTED] = {"open", "write", "fsync",   "rename", "link",   "unlink",         "mkdir",
                                           "read", "close", "opendir", "mmap",   "malloc", "pthread_create", "changes"};
static atomic_long used[COUNTED];
static atomic_int armed, failing = -1, failed_change = -1;
static int for_ever, reason = EIO;
static long fail_at;
static const char *lack = "", *by = "", *root;

static void die(void) {
  if (strcmp(by, "kill") == 0) kill(getpid(), SIGKILL);
  if (strcmp(by, "abort") == 0) abort();
  if (strcmp(by, "access") == 0) *(volatile int*)8 = 0;
  if (strcmp(by, "trap") == 0) raise(SIGTRAP);
}

/* Whether this use of a call fails; errno says why. */
static int fails(int call, int changes) {
  if (!armed) return 0;
  const long use = atomic_fetch_add(&used[call], 1) + 1;
  const long change = changes ? atomic_fetch_add(&used[CHANGES], 1) + 1 : 0;
  const int again = for_ever && changes && call == failed_change;
  const int is_it = failing == CHANGES ? again || (changes && change == fail_at)
                                       : call == failing && (for_ever ? use >= fail_at : use == fail_at);
  if (!is_it) return 0;
  die();
  failed_change = call;
  errno = reason == 0 && call != WRITE ? EIO : reason;
  return 1;
}

static void report(void) {
  const char* path = getenv("FAIL_REPORT");
  armed = 0;
  FILE* file = path ? fopen(path, "w") : NULL;
  if (!file) return;
  for (int call = 0; call < COUNTED; ++call) fprintf(file, "%s %ld\n", names[call], atomic_load(&used[call]));
  fclose(file);
}

static const char* setting(const char* name, const char* otherwise) {
  const char* value = getenv(name);
  return value ? value : otherwise;
}

static int (*real_main)(int, char**, char**);
static int begin(int argc, char** argv, char** environment) {
  const char* call = setting("FAIL_CALL", "");
  for (int k = 0; k < COUNTED; ++k)
    if (strcmp(call, names[k]) == 0) failing = k;
  fail_at = atol(setting("FAIL_AT", "0"));
  reason = atoi(setting("FAIL_ERRNO", "5"));
  for_ever = getenv("FAIL_EVER") != NULL;
  lack = setting("FAIL_LACK", "");
  by = setting("FAIL_BY", "");
  root = getenv("FAIL_ROOT");
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

#define REAL(result, name, ...)       \
  static result (*real)(__VA_ARGS__); \
  if (!real) real = dlsym(RTLD_NEXT, name)

#define MODE_OF(flags)                                                               \
  va_list arguments;                                                                 \
  va_start(arguments, flags);                                                        \
  const mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0; \
  va_end(arguments)

/* From which nothing is left when the program is gone. */
static int is_pipe(int file) {
  struct stat status;
  return fstat(file, &status) == 0 && S_ISFIFO(status.st_mode);
}

int open(const char* path, int flags, ...) {
  REAL(int, "open", const char*, int, ...);
  MODE_OF(flags);
  return fails(OPEN, flags & O_CREAT) ? -1 : real(path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  REAL(int, "open64", const char*, int, ...);
  MODE_OF(flags);
  return fails(OPEN, flags & O_CREAT) ? -1 : real(path, flags, mode);
}
int openat(int folder, const char* path, int flags, ...) {
  REAL(int, "openat", int, const char*, int, ...);
  MODE_OF(flags);
  return fails(OPEN, flags & O_CREAT) ? -1 : real(folder, path, flags, mode);
}
ssize_t read(int file, void* to, size_t size) {
  REAL(ssize_t, "read", int, void*, size_t);
  return fails(READ, 0) ? -1 : real(file, to, size);
}
ssize_t pread64(int file, void* to, size_t size, off64_t at) {
  REAL(ssize_t, "pread64", int, void*, size_t, off64_t);
  return fails(READ, 0) ? -1 : real(file, to, size, at);
}
ssize_t write(int file, const void* from, size_t size) {
  REAL(ssize_t, "write", int, const void*, size_t);
  if (file == STDERR_FILENO || !fails(WRITE, file > STDERR_FILENO && !is_pipe(file))) return real(file, from, size);
  return reason == 0 ? 0 : -1;
}
int close(int file) {
  REAL(int, "close", int);
  const int answer = real(file); /* as the system does: it is closed whatever close() says */
  return fails(CLOSE, 0) ? -1 : answer;
}
int fsync(int file) {
  REAL(int, "fsync", int);
  return fails(FSYNC, 1) ? -1 : real(file);
}
int rename(const char* from, const char* to) {
  REAL(int, "rename", const char*, const char*);
  return fails(RENAME, 1) ? -1 : real(from, to);
}
int renameat(int folder, const char* from, int other, const char* to) {
  REAL(int, "renameat", int, const char*, int, const char*);
  return fails(RENAME, 1) ? -1 : real(folder, from, other, to);
}
int renameat2(int folder, const char* from, int other, const char* to, unsigned flags) {
  REAL(int, "renameat2", int, const char*, int, const char*, unsigned);
  if (armed && strstr(lack, flags & RENAME_EXCHANGE ? "exchange" : "noreplace")) return errno = EINVAL, -1;
  return fails(RENAME, 1) ? -1 : real(folder, from, other, to, flags);
}
int linkat(int folder, const char* from, int other, const char* to, int flags) {
  REAL(int, "linkat", int, const char*, int, const char*, int);
  if (armed && strstr(lack, "link")) return errno = EPERM, -1;
  return fails(LINK, 1) ? -1 : real(folder, from, other, to, flags);
}
int unlinkat(int folder, const char* path, int flags) {
  REAL(int, "unlinkat", int, const char*, int);
  return fails(UNLINK, 1) ? -1 : real(folder, path, flags);
}
int mkdir(const char* path, mode_t mode) {
  REAL(int, "mkdir", const char*, mode_t);
  return fails(MKDIR, 1) ? -1 : real(path, mode);
}
int mkdirat(int folder, const char* path, mode_t mode) {
  REAL(int, "mkdirat", int, const char*, mode_t);
  return fails(MKDIR, 1) ? -1 : real(folder, path, mode);
}
char* mkdtemp(char* path) {
  REAL(char*, "mkdtemp", char*);
  return fails(MKDIR, 1) ? NULL : real(path);
}
DIR* opendir(const char* path) {
  REAL(DIR*, "opendir", const char*);
  return fails(OPENDIR, 0) ? NULL : real(path);
}
void* mmap(void* at, size_t size, int protection, int flags, int file, off_t offset) {
  REAL(void*, "mmap", void*, size_t, int, int, int, off_t);
  return fails(MMAP, 0) ? MAP_FAILED : real(at, size, protection, flags, file, offset);
}
int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*work)(void*), void* argument) {
  REAL(int, "pthread_create", pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
  return fails(THREAD, 0) ? reason : real(thread, attributes, work, argument);
}

/* What is not below FAIL_ROOT is looked for where it is; of /sys nothing is. */
FILE* fopen64(const char* path, const char* mode) {
  REAL(FILE*, "fopen64", const char*, const char*);
  if (!root || path[0] != '/') return real(path, mode);
  char planted[4096];
  snprintf(planted, sizeof planted, "%s%s", root, path);
  FILE* file = real(planted, mode);
  return file || strncmp(path, "/sys/", 5) == 0 ? file : real(path, mode);
}

/* dlsym itself allocates: the C library's own names serve for these. */
extern void* __libc_malloc(size_t);
extern void* __libc_calloc(size_t, size_t);
extern void* __libc_realloc(void*, size_t);
extern void* __libc_memalign(size_t, size_t);
void* malloc(size_t size) {
  return fails(MALLOC, 0) ? NULL : __libc_malloc(size);
}
void* calloc(size_t count, size_t size) {
  return fails(MALLOC, 0) ? NULL : __libc_calloc(count, size);
}
void* realloc(void* old, size_t size) {
  return fails(MALLOC, 0) ? NULL : __libc_realloc(old, size);
}
void* aligned_alloc(size_t alignment, size_t size) {
  return fails(MALLOC, 0) ? NULL : __libc_memalign(alignment, size);
}
