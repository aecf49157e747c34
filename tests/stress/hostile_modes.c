/* Sets modes of arithmetic in threads of a program that does not expect it, as a library built with -ffast-math does.
   HOSTILE_WHERE: "start" of the program, "thread" (each new one), "memory" (each aligned allocation, which the threads
   of a run make), "write" (each file written to). HOSTILE_MXCSR and HOSTILE_X87: the words set, in hexadecimal. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <xmmintrin.h>

static void set_modes(const char* where) {
  const char *wanted = getenv("HOSTILE_WHERE"), *mxcsr = getenv("HOSTILE_MXCSR"), *x87 = getenv("HOSTILE_X87");
  if (!wanted || strcmp(wanted, where) != 0) return;
  if (mxcsr) _mm_setcsr((unsigned)strtoul(mxcsr, NULL, 16));
  if (x87) {
    const unsigned short word = (unsigned short)strtoul(x87, NULL, 16);
    __asm__ volatile("fldcw %0" : : "m"(word));
  }
}

__attribute__((constructor)) static void start(void) {
  set_modes("start");
}

struct call {
  void* (*work)(void*);
  void* argument;
};

static void* enter(void* memory) {
  const struct call call = *(struct call*)memory;
  free(memory);
  set_modes("thread");
  return call.work(call.argument);
}

int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*work)(void*), void* argument) {
  int (*real)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*) = dlsym(RTLD_NEXT, "pthread_create");
  struct call* call = malloc(sizeof *call);
  call->work = work;
  call->argument = argument;
  return real(thread, attributes, enter, call);
}

void* aligned_alloc(size_t alignment, size_t size) {
  void* (*real)(size_t, size_t) = dlsym(RTLD_NEXT, "aligned_alloc");
  set_modes("memory");
  return real(alignment, size);
}

ssize_t write(int file, const void* bytes, size_t size) {
  ssize_t (*real)(int, const void*, size_t) = dlsym(RTLD_NEXT, "write");
  set_modes("write");
  return real(file, bytes, size);
}
