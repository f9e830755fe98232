#include "alerts/crash_ring.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <new>
#include <utility>  // exchange

#include "alerts/ring_layout.hpp"

namespace yagura::alerts {
namespace fs = std::filesystem;
namespace {

StateError io_error(const fs::path& file, std::string_view what, int code) {
  return {StateError::Kind::kIo, fmt::format("{}: cannot {}: {}", file.string(), what, std::strerror(code))};
}

// Closes what it holds; a mapping needs no descriptor.
struct Descriptor {
  int fd;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

}  // namespace

Result<CrashRing, StateError> CrashRing::create(const fs::path& file, const Spec& spec, std::uint64_t next) {
  const fs::path draft = file.string() + ".new";
  const auto fail = [&](StateError error) {
    ::unlink(draft.c_str());
    return error;
  };
  const Descriptor out{::open(draft.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600)};
  if (out.fd < 0) return io_error(draft, "create", errno);
  auto ring = map(out.fd, draft, spec, next);
  if (!ring) return fail(ring.error());
  RingHead head;
  head.slot_size = sizeof(RingSlot);
  head.slots = spec.slots;
  head.id = spec.id;
  head.symbols = spec.symbols;
  head.sum = head.right_sum();
  std::memcpy(ring->map_.data(), &head, sizeof head);
  // The head must survive a power cut, or all behind it is lost.
  if (::fsync(out.fd) != 0) return fail(io_error(draft, "sync", errno));
  if (::rename(draft.c_str(), file.c_str()) != 0) return fail(io_error(file, "replace", errno));
  if (const auto synced = sync_directory(file.parent_path()); !synced) return synced.error();
  return ring;
}

Result<CrashRing, StateError> CrashRing::resume(const fs::path& file, const Spec& spec, std::uint64_t next) {
  const Descriptor out{::open(file.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC)};
  if (out.fd < 0) return io_error(file, "open", errno);
  auto ring = map(out.fd, file, spec, next);
  if (ring) ring->wipe_from(next);
  return ring;
}

Result<CrashRing, StateError> CrashRing::map(int fd, const fs::path& file, const Spec& spec, std::uint64_t next) {
  assert(next > 0 && std::has_single_bit(spec.slots) && spec.slots <= kMostRingSlots);
  const auto size = ring_size(spec.slots);
  // Every page gets its place on the disk now: a hole that cannot be filled later is SIGBUS.
  if (const int code = ::posix_fallocate(fd, 0, static_cast<off_t>(size)); code != 0)
    return io_error(file, fmt::format("set {} bytes aside", size), code);
  void* const at = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (at == MAP_FAILED) return io_error(file, "map", errno);
  CrashRing ring{{static_cast<std::byte*>(at), size}, spec, next};
#ifdef MADV_POPULATE_WRITE
  // Read in and made writable now, so that an error is one here and the first lap meets no page fault.
  // Kernels before 5.14 do not know it.
  if (::madvise(at, size, MADV_POPULATE_WRITE) != 0 && errno != EINVAL) return io_error(file, "read in", errno);
#endif
  return ring;
}

CrashRing::CrashRing(std::span<std::byte> map, const Spec& spec, std::uint64_t next)
    : map_(map),
      slots_(std::launder(reinterpret_cast<RingSlot*>(map.data() + kRingHeadSize)), spec.slots),
      id_(spec.id),
      next_(next) {}

CrashRing::CrashRing(CrashRing&& other) noexcept
    : map_(std::exchange(other.map_, {})),
      slots_(std::exchange(other.slots_, {})),
      id_(other.id_),
      next_(other.next_) {}

CrashRing& CrashRing::operator=(CrashRing&& other) noexcept {
  std::swap(map_, other.map_);
  std::swap(slots_, other.slots_);
  std::swap(id_, other.id_);
  std::swap(next_, other.next_);
  return *this;
}

CrashRing::~CrashRing() {
  if (!map_.empty()) ::munmap(map_.data(), map_.size());
}

// Entries behind a damaged one would look like the continuation of what is written before them now. On
// the disk before any of that.
void CrashRing::wipe_from(std::uint64_t number) noexcept {
  bool wiped = false;
  for (auto& slot : slots_) {
    if (slot.number < number) continue;
    slot.number = 0;
    wiped = true;
  }
  if (wiped) ::msync(map_.data(), map_.size(), MS_SYNC);
}

void CrashRing::append(RingEntry::Kind kind, const Tick& tick, std::uint8_t detail) noexcept {
  RingSlot& slot = slots_[next_ & (slots_.size() - 1)];
  std::atomic_ref<std::uint64_t> number{slot.number};
  number.store(0, std::memory_order_relaxed);  // from here on, nobody's
  std::atomic_thread_fence(std::memory_order_release);
  slot.kind = static_cast<std::uint8_t>(kind);
  slot.detail = detail;
  slot.zero = 0;
  slot.tick = tick;
  slot.sum = slot.right_sum(next_);
  number.store(next_, std::memory_order_release);
  ++next_;
  __builtin_prefetch(&slots_[next_ & (slots_.size() - 1)], 1);
  __builtin_prefetch(&slots_[next_ & (slots_.size() - 1)].tick, 1);
}

}  // namespace yagura::alerts
