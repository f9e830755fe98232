// Fuzz target of the tick path: bytes become rules and ticks, and whatever they are, the monitor must
// not crash, must account for every tick, must never give one id twice, and must say the same when it
// is stopped, stored and loaded again somewhere on the way.
//
// Built for libFuzzer by the `fuzz` preset, and with a driver of its own (driver.cpp) for ./test.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <set>
#include <string>
#include <vector>

#include "processing/monitor.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace yagura::processing {
namespace {

using fuzz::require;

// Takes values off the front; zeros when nothing is left.
class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size) : data_(data), left_(size) {}
  [[nodiscard]] bool empty() const { return left_ == 0; }
  template <class T>
  T take() {
    T value{};
    const auto size = std::min(left_, sizeof value);
    if (size != 0) std::memcpy(&value, data_, size);
    data_ += size;
    left_ -= size;
    return value;
  }
  std::size_t below(std::size_t limit) { return take<std::uint8_t>() % limit; }
  bool flag() { return (take<std::uint8_t>() & 1U) != 0; }

 private:
  const std::uint8_t* data_;
  std::size_t left_;
};

constexpr std::int64_t kCent = Price::kScale / 100;

Band band(Bytes& bytes) {
  if (bytes.flag()) return Band::of_percent(Percent::from_units(1 + bytes.take<std::uint16_t>() * 100));
  return Band::of_points(PriceDelta::from_raw((1 + bytes.take<std::uint16_t>()) * kCent / 10));
}

Duration seconds(Bytes& bytes, std::size_t most) { return std::chrono::seconds{1 + bytes.below(most)}; }

CrossingOptions crossing(Bytes& bytes) {
  CrossingOptions options;
  options.rearm = band(bytes);
  options.cooldown = seconds(bytes, 200);
  options.directions = {.up = bytes.flag(), .down = bytes.flag()};
  if (bytes.flag()) options.near = band(bytes);
  options.close = bytes.flag();
  return options;
}

using Kind = decltype(RuleOptions::kind);

Kind milestone(Bytes& bytes) {
  // No finer than that: a jump over the whole range would be a list of millions.
  const auto step = PriceDelta::from_raw((10 + bytes.take<std::uint8_t>()) * kCent);
  return MilestoneOptions{step, crossing(bytes)};
}

Kind level(Bytes& bytes) {
  LevelOptions options;
  const auto count = bytes.below(9);
  for (std::size_t i = 0; i < count; ++i) {
    options.levels.push_back({Price::from_raw((1 + bytes.take<std::uint16_t>()) * kCent), "", bytes.flag()});
  }
  options.crossing = crossing(bytes);
  return options;
}

Kind record(Bytes& bytes) {
  RecordOptions options;
  options.horizons.bits = bytes.take<std::uint8_t>() & 0x3F;
  options.basis = bytes.flag() ? Basis::kClose : Basis::kIntraday;
  options.highs = bytes.flag();
  options.lows = bytes.flag();
  options.step = band(bytes);
  options.min_gap = seconds(bytes, 100);
  return options;
}

Kind move(Bytes& bytes) {
  MoveOptions options;
  const auto count = 1 + bytes.below(4);
  for (std::size_t i = 0; i < count; ++i) options.windows.push_back({seconds(bytes, 250), band(bytes)});
  if (bytes.flag()) options.min_z = static_cast<double>(bytes.below(8));
  return options;
}

Kind period(Bytes& bytes) {
  PeriodOptions options;
  (bytes.flag() ? options.days : options.months) = static_cast<std::int32_t>(bytes.below(20));
  options.step = Percent::from_units(1 + bytes.take<std::uint16_t>() * 100);
  options.rearm = Percent::from_units(bytes.take<std::uint16_t>() * 100);
  options.directions = {.up = bytes.flag(), .down = bytes.flag()};
  return options;
}

// Listens to the other instrument, or to itself.
Kind intervention(Bytes& bytes) {
  InterventionOptions options;
  options.zones = {Price::from_raw((1 + bytes.take<std::uint16_t>()) * kCent)};
  options.falls = bytes.flag();
  options.rises = bytes.flag();
  if (bytes.flag()) options.crosses = {SymbolId{0}};
  if (bytes.flag()) options.eurusd = SymbolId{1};
  return options;
}

Kind stale(Bytes& bytes) {
  StaleOptions options;
  if (bytes.flag()) options.after = seconds(bytes, 120);
  return options;
}

Kind cusum(Bytes& bytes) {
  CusumOptions options;
  options.grid = seconds(bytes, 30);
  options.allowance = static_cast<double>(bytes.below(8)) / 4;
  options.limit = 0.5 + static_cast<double>(bytes.below(20));
  return options;
}

Kind divergence(Bytes& bytes) {
  DivergenceOptions options;
  options.against = SymbolId{static_cast<std::uint16_t>(bytes.below(2))};
  options.window = std::chrono::minutes{2 + bytes.below(60)};
  options.half_life = std::chrono::minutes{10 + bytes.below(200)};
  options.z = 1 + static_cast<double>(bytes.below(6));
  options.min_own = options.min_other = Percent::from_units(1'000);
  options.coupling_z = static_cast<double>(bytes.below(4));
  options.joint_z = static_cast<double>(bytes.below(6));
  return options;
}

MonitorOptions options_of(Bytes& bytes) {
  static constexpr CalendarKind kCalendars[] = {CalendarKind::kTse, CalendarKind::kFx, CalendarKind::kAlways,
                                                CalendarKind::kOse};
  static constexpr Kind (*kKinds[])(Bytes&) = {milestone,    level, record, move,      period,
                                               intervention, stale, cusum,  divergence};
  MonitorOptions options;
  for (const char* symbol : {"A", "B"}) {
    InstrumentInfo info;
    info.symbol = symbol;
    info.calendar = kCalendars[bytes.below(std::size(kCalendars))];
    info.filter = bytes.flag();
    if (bytes.flag()) info.gap_after = seconds(bytes, 100);
    options.instruments.push_back(info);
  }
  const auto rules = 1 + bytes.below(6);
  for (std::size_t i = 0; i < rules; ++i) {
    const SymbolId symbol{static_cast<std::uint16_t>(bytes.below(2))};
    options.rules.push_back({"r" + std::to_string(i), symbol, kKinds[bytes.below(std::size(kKinds))](bytes)});
  }
  return options;
}

// Steps that a market makes, and now and then what only a broken feed does.
struct Feed {
  Timestamp now = Timestamp{Date{std::chrono::year{2026} / 2 / 8}} + std::chrono::hours{23} + std::chrono::minutes{59};
  std::int64_t price = 150 * Price::kScale;

  Tick next(Bytes& bytes) {
    const auto what = bytes.take<std::uint8_t>();
    const auto size = bytes.take<std::int8_t>();
    Tick tick{};
    tick.symbol = SymbolId{static_cast<std::uint16_t>(what & 1U)};
    switch ((what >> 1U) % 16) {
      case 0: now += std::chrono::hours{1 + (size & 31)}; break;
      case 1: price += size * Price::kScale; break;
      case 2: now -= std::chrono::seconds{size & 63}; break;
      case 3: now += std::chrono::minutes{size & 63}; break;
      case 4: price = bytes.take<std::int64_t>(); break;
      case 5: now = Timestamp{Duration{bytes.take<std::int64_t>() / 4}}; break;
      case 6: price += size * Price::kScale / 10; break;
      default: now += std::chrono::milliseconds{250 + 40 * (size & 127)}; price += size * kCent / 4;
    }
    tick.ts_event = tick.ts_recv = now;
    tick.price = Price::from_raw(price);
    if ((what & 0x40U) != 0) {
      const auto half = (size & 7) * kCent / 10;
      if (price < INT64_MAX - kCent && price > INT64_MIN + kCent) {
        tick.bid = Price::from_raw(price - half);
        tick.ask = Price::from_raw(price + half);
        tick.flags |= TickFlag::kHasBid | TickFlag::kHasAsk;
      }
    }
    if ((what & 0x80U) != 0) {
      tick.seq = bytes.take<std::uint8_t>();
      tick.source = SourceId{static_cast<std::uint16_t>(tick.seq % 3)};
      tick.flags |= TickFlag::kHasSeq;
    }
    // The next step starts from a price that a market could have.
    if (price < kCent || price > 100'000 * Price::kScale) price = 150 * Price::kScale;
    if (now < Timestamp{Date{std::chrono::year{2000} / 1 / 1}} ||
        now > Timestamp{Date{std::chrono::year{2090} / 1 / 1}})
      now = Feed{}.now;
    return tick;
  }
};

Monitor::History history() {
  const auto at = [](std::int64_t whole) { return Price::from_raw(whole * Price::kScale); };
  return {{"A",
           {{Date{std::chrono::year{2024} / 12 / 30}, at(160), at(140), at(150)},
            {Date{std::chrono::year{2026} / 2 / 6}, at(152), at(148), at(150)}}}};
}

void check_accounts(Monitor& monitor) {
  for (std::uint16_t i = 0; i < 2; ++i) {
    const auto& filter = monitor.instrument(SymbolId{i}).filter();
    const auto& counts = filter.counts();
    std::uint64_t sum = counts.accepted + filter.held();
    for (const auto count : counts.rejected) sum += count;
    require(sum == counts.ticks, "a tick that was neither accepted, held nor rejected");
  }
}

void run(Bytes bytes) {
  const auto options = options_of(bytes);
  const std::size_t stop_after = bytes.take<std::uint8_t>();
  Monitor straight{options, history()};
  auto stopped = std::make_unique<Monitor>(options, history());
  SignalBuffer one, other;
  std::set<std::string> ids;
  const auto compare = [&] {
    require(one.signals().size() == other.signals().size(), "another number of signals after load()");
    for (std::size_t i = 0; i < one.signals().size(); ++i) {
      const auto &a = one.signals()[i], &b = other.signals()[i];
      require(a.id == b.id && a.price == b.price && a.ts_event == b.ts_event, "another signal after load()");
      require(a.price.raw() > 0, "a signal at a price that is none");
      const auto hex = to_hex(a.id);
      require(ids.insert(std::string(hex.data(), hex.size())).second, "an id twice");
    }
    one.clear();
    other.clear();
  };

  Feed feed;
  for (std::size_t n = 0; !bytes.empty() && n < 4096; ++n) {
    const Tick tick = feed.next(bytes);
    straight.on_tick(tick, one);
    stopped->on_tick(tick, other);
    if (n % 32 == 31) {  // live, the clock speaks as well
      const auto later = feed.now + std::chrono::seconds{40};
      straight.on_clock(tick.symbol, later, one);
      stopped->on_clock(tick.symbol, later, other);
    }
    compare();
    if (n % 256 != stop_after) continue;
    const auto stored = stopped->save();
    stopped = std::make_unique<Monitor>(options, history());
    const auto loaded = stopped->load(stored, Resumed::kInPlace);
    require(static_cast<bool>(loaded), "a snapshot that does not load");
  }
  straight.on_end_of_input(one);
  stopped->on_end_of_input(other);
  compare();
  check_accounts(straight);
}

}  // namespace
}  // namespace yagura::processing

std::vector<std::string> yagura::fuzz::fuzz_seeds() { return {}; }  // random bytes are rules and ticks

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  yagura::processing::run({data, size});
  return 0;
}
