#include "tests/support/call_count.hpp"

#include <cxxabi.h>
#include <dlfcn.h>
#include <execinfo.h>
#include <netinet/in.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <new>
#include <string_view>

namespace yagura::test {
namespace {

constexpr std::string_view kAlert = R"("type":"alert")";
constexpr std::size_t kMostWindows = 65'536;

std::atomic<bool> watching{false};
std::uint16_t feed_port = 0;     // set before `watching`, read behind it
std::uint16_t console_port = 0;  // the same

std::array<CallCounts, kMostWindows> windows;
std::atomic<std::size_t> closed{0};
std::atomic<std::uint64_t> reads{0};

struct Window {
  bool armed = false;
  bool open = false;
  CallCounts counts;
};
thread_local constinit Window window;

bool counting() noexcept { return window.open && watching.load(std::memory_order_acquire); }

// Where this is called from; counts nothing meanwhile.
void trace(std::array<void*, 12>& into) noexcept {
  window.open = false;
  std::array<void*, 16> all{};
  const int depth = ::backtrace(all.data(), static_cast<int>(all.size()));
  constexpr int kOwn = 3;  // trace(), note_..() and the function in front
  for (int i = kOwn; i < depth && i - kOwn < static_cast<int>(into.size()); ++i)
    into[static_cast<std::size_t>(i - kOwn)] = all[static_cast<std::size_t>(i)];
  window.open = true;
}

[[maybe_unused]] void note_allocation() noexcept {
  if (counting() && window.counts.allocations++ == 0) trace(window.counts.first_allocation);
}
[[maybe_unused]] void note_lock() noexcept {
  if (counting() && window.counts.locks++ == 0) trace(window.counts.first_lock);
}
[[maybe_unused]] void note_call() noexcept {
  if (counting()) ++window.counts.calls;
}

// Of this side or the other one; 0 for what is no socket of the internet.
std::uint16_t port_of(int socket, long which) noexcept {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::syscall(which, socket, &address, &size) != 0) return 0;
  if (address.ss_family != AF_INET && address.ss_family != AF_INET6) return 0;
  std::uint16_t port = 0;  // at the same place in both families
  std::memcpy(&port, reinterpret_cast<const char*>(&address) + offsetof(sockaddr_in, sin_port), sizeof port);
  return ntohs(port);
}

[[maybe_unused]] void arm_window() noexcept {
  if (watching.load(std::memory_order_acquire)) window = {.armed = true, .open = false, .counts = {}};
}
[[maybe_unused]] void open_window() noexcept {
  if (window.armed) window = {.armed = false, .open = true, .counts = {}};
}

[[maybe_unused]] void after_read(int socket, ssize_t got) noexcept {
  if (!watching.load(std::memory_order_acquire)) return;
  note_call();
  if (got <= 0 || port_of(socket, SYS_getpeername) != feed_port) return;
  arm_window();
  reads.fetch_add(1, std::memory_order_release);
}

[[maybe_unused]] void before_write(int socket, std::span<const iovec> parts) noexcept {
  if (!counting()) return;
  const bool alert = std::ranges::any_of(parts, [](const iovec& part) {
    return std::string_view{static_cast<const char*>(part.iov_base), part.iov_len}.find(kAlert) !=
           std::string_view::npos;
  });
  if (!alert || port_of(socket, SYS_getsockname) != console_port) return note_call();
  window.open = false;
  const auto number = closed.fetch_add(1, std::memory_order_relaxed);
  if (number >= kMostWindows) return;
  windows[number] = window.counts;
}

// The function that this one stands in front of.
template <class Function>
[[maybe_unused]] Function* behind(const char* name) noexcept {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

bool can_count_calls() noexcept {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return false;
#else
  return true;
#endif
}

void watch_calls(std::uint16_t feed, std::uint16_t console) noexcept {
  void* warm = nullptr;
  ::backtrace(&warm, 1);  // loads its library
  feed_port = feed;
  console_port = console;
  closed = 0;
  reads = 0;
  watching.store(true, std::memory_order_release);
}
void stop_watching_calls() noexcept { watching.store(false, std::memory_order_release); }
std::span<const CallCounts> watched_calls() noexcept {
  return std::span{windows}.first(std::min(closed.load(), kMostWindows));
}

std::uint64_t feed_reads() noexcept { return reads.load(std::memory_order_acquire); }

std::string names_of(std::span<void* const> addresses) {
  constexpr int kEnough = 4;
  std::string all;
  int found = 0;
  for (void* const address : addresses) {
    Dl_info info{};
    if (address == nullptr || ::dladdr(address, &info) == 0 || info.dli_sname == nullptr) continue;
    int status = 0;
    char* const plain = abi::__cxa_demangle(info.dli_sname, nullptr, nullptr, &status);
    const std::string name = (status == 0 ? std::string{plain} : std::string{info.dli_sname});
    std::free(plain);
    if (name.find("yagura::") == std::string::npos && name.find("boost::") == std::string::npos) continue;
    all += (all.empty() ? "" : " < ") + name.substr(0, name.find('('));
    if (++found == kEnough) break;
  }
  return all.empty() ? "code without a name" : all;
}

}  // namespace yagura::test

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

using namespace yagura::test;

extern "C" {

void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* memory);

void* malloc(std::size_t size) noexcept {
  note_allocation();
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) noexcept {
  note_allocation();
  return __libc_calloc(count, size);
}
void* realloc(void* memory, std::size_t size) noexcept {
  note_allocation();
  return __libc_realloc(memory, size);
}
void* memalign(std::size_t alignment, std::size_t size) noexcept {
  note_allocation();
  return __libc_memalign(alignment, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  note_allocation();
  return __libc_memalign(alignment, size);
}
int posix_memalign(void** memory, std::size_t alignment, std::size_t size) noexcept {
  note_allocation();
  *memory = __libc_memalign(alignment, size);
  return *memory == nullptr ? ENOMEM : 0;
}
void free(void* memory) noexcept { __libc_free(memory); }

int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
  static auto* const real = behind<int(pthread_mutex_t*)>("pthread_mutex_lock");
  note_lock();
  return real(mutex);
}
int pthread_mutex_trylock(pthread_mutex_t* mutex) noexcept {
  static auto* const real = behind<int(pthread_mutex_t*)>("pthread_mutex_trylock");
  note_lock();
  return real(mutex);
}
int pthread_rwlock_rdlock(pthread_rwlock_t* lock) noexcept {
  static auto* const real = behind<int(pthread_rwlock_t*)>("pthread_rwlock_rdlock");
  note_lock();
  return real(lock);
}
int pthread_rwlock_wrlock(pthread_rwlock_t* lock) noexcept {
  static auto* const real = behind<int(pthread_rwlock_t*)>("pthread_rwlock_wrlock");
  note_lock();
  return real(lock);
}
int sem_post(sem_t* semaphore) noexcept {
  static auto* const real = behind<int(sem_t*)>("sem_post");
  note_call();  // as it is when somebody sleeps on it
  return real(semaphore);
}

ssize_t read(int file, void* into, std::size_t size) {
  static auto* const real = behind<ssize_t(int, void*, std::size_t)>("read");
  const auto got = real(file, into, size);
  after_read(file, got);
  return got;
}
ssize_t readv(int file, const iovec* parts, int count) {
  static auto* const real = behind<ssize_t(int, const iovec*, int)>("readv");
  const auto got = real(file, parts, count);
  after_read(file, got);
  return got;
}
ssize_t recv(int socket, void* into, std::size_t size, int flags) {
  static auto* const real = behind<ssize_t(int, void*, std::size_t, int)>("recv");
  const auto got = real(socket, into, size, flags);
  after_read(socket, got);
  return got;
}
ssize_t recvmsg(int socket, msghdr* message, int flags) {
  static auto* const real = behind<ssize_t(int, msghdr*, int)>("recvmsg");
  const auto got = real(socket, message, flags);
  after_read(socket, got);
  return got;
}

ssize_t write(int file, const void* from, std::size_t size) {
  static auto* const real = behind<ssize_t(int, const void*, std::size_t)>("write");
  const iovec part{const_cast<void*>(from), size};
  before_write(file, {&part, 1});
  return real(file, from, size);
}
ssize_t writev(int file, const iovec* parts, int count) {
  static auto* const real = behind<ssize_t(int, const iovec*, int)>("writev");
  before_write(file, {parts, static_cast<std::size_t>(count)});
  return real(file, parts, count);
}
ssize_t send(int socket, const void* from, std::size_t size, int flags) {
  static auto* const real = behind<ssize_t(int, const void*, std::size_t, int)>("send");
  const iovec part{const_cast<void*>(from), size};
  before_write(socket, {&part, 1});
  return real(socket, from, size, flags);
}
ssize_t sendmsg(int socket, const msghdr* message, int flags) {
  static auto* const real = behind<ssize_t(int, const msghdr*, int)>("sendmsg");
  before_write(socket, {message->msg_iov, message->msg_iovlen});
  return real(socket, message, flags);
}

int epoll_wait(int epoll, epoll_event* events, int count, int timeout) {
  static auto* const real = behind<int(int, epoll_event*, int, int)>("epoll_wait");
  const int ready = real(epoll, events, count, timeout);
  arm_window();
  return ready;
}
int clock_gettime(clockid_t clock, timespec* now) noexcept {
  static auto* const real = behind<int(clockid_t, timespec*)>("clock_gettime");
  if (clock == CLOCK_MONOTONIC) open_window();
  return real(clock, now);
}

}  // extern "C"

// Of their own, so that the place found is theirs and not the library's.
void* operator new(std::size_t size) {
  note_allocation();
  if (void* const memory = __libc_malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc{};
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  note_allocation();
  if (void* const memory = __libc_memalign(static_cast<std::size_t>(alignment), size)) return memory;
  throw std::bad_alloc{};
}
void operator delete(void* memory) noexcept { __libc_free(memory); }
void operator delete(void* memory, std::size_t) noexcept { __libc_free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { __libc_free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { __libc_free(memory); }

#endif
