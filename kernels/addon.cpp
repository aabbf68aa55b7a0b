// The Node addon: every variant of the kernels that was compiled, and aligned memory that JavaScript can see.
//   variants                  the names of those that this processor can run, slowest first
//   compiled                  the names of all in this file
//   entries(variant)          { name: (argumentBlockAddress) => number } for each entry
//   allocate(bytes)           { pointer, buffer }, 64-byte aligned; null when there is no memory
//   release(pointer)          gives it back
#include <node_api.h>
#include <stdlib.h>
#include <string.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif
#if defined(__SSE2__)
#include <immintrin.h>
#endif

#include <new>

#include "entries.h"

namespace sweepline {
namespace portable {
extern const NamedEntry table[];
}
#if defined(SWEEPLINE_X86)
namespace avx2 {
extern const NamedEntry table[];
}
namespace avx512 {
extern const NamedEntry table[];
}
#endif
}  // namespace sweepline

namespace {

struct Variant {
  const char* name;
  const sweepline::NamedEntry* table;
  bool (*runsHere)();
};

const Variant VARIANTS[] = {
    {"portable", sweepline::portable::table, [] { return true; }},
#if defined(SWEEPLINE_X86)
    // GCC and Clang ask the operating system too whether it saves these registers.
    {"avx2", sweepline::avx2::table, [] { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }},
    {"avx512", sweepline::avx512::table,
     [] {
       return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
              __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
              __builtin_cpu_supports("fma");
     }},
#endif
};

constexpr size_t HUGE_PAGE = 2 << 20;

// Stands before each piece of memory. The memory is freed once it is both released and unreachable from JavaScript,
// so that a view kept too long reads stale numbers and not someone else's memory.
struct alignas(64) Header {
  bool released, unreachable;
};

void freeWhenDone(Header* header) {
  if (header->released && header->unreachable) free(header);
}

void bufferCollected(napi_env, void*, void* hint) {
  Header* header = (Header*)hint;
  header->unreachable = true;
  freeWhenDone(header);
}

napi_value number(napi_env env, double value) {
  napi_value result = nullptr;
  napi_create_double(env, value, &result);
  return result;
}

double firstNumber(napi_env env, napi_callback_info info, void** data = nullptr) {
  size_t count = 1;
  napi_value argument = nullptr;
  double value = 0;
  napi_get_cb_info(env, info, &count, &argument, nullptr, data);
  if (count > 0) napi_get_value_double(env, argument, &value);
  return value;
}

napi_value allocate(napi_env env, napi_callback_info info) {
  const double bytes = firstNumber(env, info);
  napi_value result = nullptr;
  napi_get_null(env, &result);
  if (!(bytes >= 0 && bytes < 9007199254740992.0)) return result;
  const size_t size = ((size_t)bytes + 63) / 64 * 64;
  void* memory = nullptr;
  if (posix_memalign(&memory, size >= HUGE_PAGE ? HUGE_PAGE : 64, sizeof(Header) + size) != 0) return result;
#if defined(__linux__)
  // A pass over a reserve or an embedding's moments visits thousands of small pages.
  if (size >= HUGE_PAGE) madvise(memory, sizeof(Header) + size, MADV_HUGEPAGE);
#endif
  Header* header = new (memory) Header{false, false};
  char* data = (char*)memory + sizeof(Header);
  napi_value buffer = nullptr;
  if (napi_create_external_arraybuffer(env, data, size, bufferCollected, header, &buffer) != napi_ok) {
    free(memory);
    return result;
  }
  napi_create_object(env, &result);
  napi_set_named_property(env, result, "pointer", number(env, (double)(uintptr_t)data));
  napi_set_named_property(env, result, "buffer", buffer);
  return result;
}

napi_value release(napi_env env, napi_callback_info info) {
  const double pointer = firstNumber(env, info);
  if (pointer == 0) return nullptr;
  Header* header = (Header*)(uintptr_t)pointer - 1;
  header->released = true;
  freeWhenDone(header);
  return nullptr;
}

// While it lives, numbers below 2^-126 count as zero. Gradients that vanish through time and moments that decay end there,
// and some processors take a hundred cycles for every sum with one.
class WithoutSubnormals {
#if defined(__SSE2__)
  const unsigned before = _mm_getcsr();

 public:
  WithoutSubnormals() { _mm_setcsr(before | _MM_FLUSH_ZERO_ON | _MM_DENORMALS_ZERO_ON); }
  ~WithoutSubnormals() { _mm_setcsr(before); }
#elif defined(__aarch64__)
  static constexpr uint64_t FLUSH_TO_ZERO = 1 << 24;
  uint64_t before;
  static void set(uint64_t control) { asm volatile("msr fpcr, %0" ::"r"(control)); }

 public:
  WithoutSubnormals() {
    asm volatile("mrs %0, fpcr" : "=r"(before));
    set(before | FLUSH_TO_ZERO);
  }
  ~WithoutSubnormals() { set(before); }
#endif
};

napi_value call(napi_env env, napi_callback_info info) {
  void* entry = nullptr;
  const double block = firstNumber(env, info, &entry);
  const WithoutSubnormals scope;
  return number(env, ((sweepline::Entry)entry)((const double*)(uintptr_t)block));
}

napi_value entries(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument = nullptr, result = nullptr;
  char name[32] = "";
  napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr);
  if (count > 0) napi_get_value_string_utf8(env, argument, name, sizeof name, nullptr);
  for (const Variant& variant : VARIANTS) {
    if (strcmp(variant.name, name) != 0 || !variant.runsHere()) continue;
    napi_create_object(env, &result);
    for (const sweepline::NamedEntry* entry = variant.table; entry->name; entry++) {
      napi_value function = nullptr;
      napi_create_function(env, entry->name, NAPI_AUTO_LENGTH, call, (void*)entry->entry, &function);
      napi_set_named_property(env, result, entry->name, function);
    }
  }
  return result;
}

napi_value names(napi_env env, bool all) {
  napi_value list = nullptr;
  napi_create_array(env, &list);
  uint32_t count = 0;
  for (const Variant& variant : VARIANTS) {
    if (!all && !variant.runsHere()) continue;
    napi_value name = nullptr;
    napi_create_string_utf8(env, variant.name, NAPI_AUTO_LENGTH, &name);
    napi_set_element(env, list, count++, name);
  }
  return list;
}

void define(napi_env env, napi_value exports, const char* name, napi_callback callback) {
  napi_value function = nullptr;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, nullptr, &function);
  napi_set_named_property(env, exports, name, function);
}

}  // namespace

NAPI_MODULE_INIT() {
  napi_set_named_property(env, exports, "variants", names(env, false));
  napi_set_named_property(env, exports, "compiled", names(env, true));
  define(env, exports, "entries", entries);
  define(env, exports, "allocate", allocate);
  define(env, exports, "release", release);
  return exports;
}
