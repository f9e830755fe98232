#include "app/recovery.hpp"

#include <fmt/format.h>

#include <random>
#include <system_error>

#include "core/hash128.hpp"

namespace yagura::app {
namespace {

using alerts::CrashRing;
using alerts::RingFile;
using alerts::StateError;
using processing::Resumed;

// So many alerts may wait for the disk before a start waits for it, too: half of what the journal takes.
constexpr std::uint64_t kMostWaiting = 5'000;
constexpr auto kPatience = std::chrono::seconds{1};

std::uint64_t random_id() {
  std::random_device device;
  return (std::uint64_t{device()} << 32 | device()) | 1;  // never 0
}

}  // namespace

std::uint64_t identity_of(const processing::MonitorOptions& options) {
  Fnv128 hash;
  for (const auto& info : options.instruments) hash.number(info.symbol.size()).bytes(info.symbol);
  for (const auto& series : options.series) hash.number(index_of(series.symbol)).bytes(series.expression.text);
  return hash.value().lo;
}

Result<Recovery, StateError> Recovery::read(const std::filesystem::path& file,
                                            const processing::MonitorOptions& options, std::optional<Place> snapshot,
                                            bool wanted) {
  const auto ring = RingFile::read(file);
  if (!ring) return ring.error();
  Recovery recovery{file, identity_of(options)};
  recovery.after_snapshot_ = snapshot.has_value();
  recovery.weigh(*ring, snapshot);
  if (!recovery.usable_ && wanted) recovery.id_ = random_id();
  return recovery;
}

// Which of what is there can be trusted, and if nothing, why.
void Recovery::weigh(const std::optional<RingFile>& ring, const std::optional<Place>& snapshot) {
  if (!ring) {
    if (snapshot && snapshot->ring != 0)
      remarks_.push_back(
          fmt::format("{}: missing; what was taken after the last snapshot is not known", file_.string()));
    return;
  }
  damaged_ = !ring->trouble().empty();
  if (damaged_) {
    remarks_.push_back(fmt::format("{}: {}; what was taken after the last snapshot is lost. It is kept as {}.damaged",
                                   file_.string(), ring->trouble(), file_.filename().string()));
    return;
  }
  // No snapshot, no ticks: a run stores one before it connects a feed.
  if (!snapshot || ring->spec().id != snapshot->ring) {
    remarks_.push_back(
        fmt::format("{}: not of this journal's last snapshot; nothing in it is run again", file_.string()));
    return;
  }
  if (ring->spec().symbols == symbols_) return use(*ring, *snapshot);
  if (const auto count = ring->after(snapshot->position).entries.size(); count != 0)
    remarks_.push_back(fmt::format("{}: {} entries after the last snapshot are lost: other instruments are watched now",
                                   file_.string(), count));
}

void Recovery::use(const RingFile& ring, const Place& snapshot) {
  usable_ = ring.spec();
  id_ = snapshot.ring;
  tail_ = ring.after(snapshot.position);
  if (tail_.overwritten != 0)
    remarks_.push_back(
        fmt::format("{}: {} entries after the last snapshot are lost: the disk took no snapshot while the ring went "
                    "round. The {} behind them are run again as after a gap",
                    file_.string(), tail_.overwritten, tail_.entries.size()));
  if (!tail_.damage.empty())
    remarks_.push_back(fmt::format("{}: {}; the {} after the last snapshot and before it are run again, {} are lost",
                                   file_.string(), tail_.damage, tail_.entries.size(), tail_.unusable));
}

Resumed Recovery::resumed() const {
  return tail_.entries.empty() || tail_.overwritten != 0 ? Resumed::kAfterDowntime : Resumed::kInPlace;
}

void Recovery::run(Pipeline& pipeline, processing::Monitor& monitor, alerts::Journal& journal) {
  if (tail_.entries.empty()) return;
  for (const auto& entry : tail_.entries) {
    pipeline.run_again(entry);
    if (journal.queued() > kMostWaiting) journal.flush(kPatience);
  }
  monitor.on_downtime();
  tail_.entries = std::vector<alerts::RingEntry>{};
}

Result<CrashRing, StateError> Recovery::open_ring(std::size_t slots, bool stored) {
  // Another size is a new file, in which what was run again is no more.
  if (usable_ && (usable_->slots == slots || !stored)) return CrashRing::resume(file_, *usable_, tail_.last + 1);
  std::error_code ignored;
  if (damaged_) std::filesystem::rename(file_, file_.string() + ".damaged", ignored);
  return CrashRing::create(file_, {.slots = slots, .id = id_, .symbols = symbols_}, tail_.last + 1);
}

}  // namespace yagura::app
