#include "processing/monitor.hpp"

#include <zlib.h>

#include <algorithm>

namespace yagura::processing {
namespace {

// First bytes of a snapshot; the last two digits are the format's version.
constexpr std::string_view kMagic = "YGRSNP02";

std::uint32_t crc_of(std::string_view bytes) {
  return static_cast<std::uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

// After the name of a series in a snapshot: what it remembers of its legs.
constexpr std::string_view kLegs = " (legs)";

}  // namespace

Monitor::Monitor(MonitorOptions options, History history) : options_(std::move(options)) {
  for (std::size_t i = 0; i < options_.instruments.size(); ++i) {
    auto& days = history[options_.instruments[i].symbol];
    instruments_.push_back(
        std::make_unique<InstrumentMonitor>(SymbolId{static_cast<std::uint16_t>(i)}, options_, std::move(days)));
    groups_.push_back(static_cast<std::uint32_t>(i));
  }
  for (std::size_t i = 0; i < instruments_.size(); ++i) {
    instruments_[i]->each_listener([&](Detector& detector, SymbolId other) {
      instruments_[index_of(other)]->add_listener(detector);
      detector.meet(other, instruments_[index_of(other)]->volatility());
      join_groups(SymbolId{static_cast<std::uint16_t>(i)}, other);
    });
  }
  series_.resize(instruments_.size());
  series_with_.resize(instruments_.size());
  for (const auto& series : options_.series) {
    auto& made = series_[index_of(series.symbol)];
    made = std::make_unique<Series>(series, instrument(series.symbol));
    for (const auto leg : series.expression.legs) {
      instrument(leg).add_series(*made);
      series_with_[index_of(leg)].push_back(series.symbol);
      join_groups(leg, series.symbol);
    }
  }
}

std::string Monitor::snapshot_name(SymbolId symbol) const {
  const auto& name = options_.instruments[index_of(symbol)].symbol;
  const auto& series = series_[index_of(symbol)];
  return series ? name + " = " + series->options().expression.text : name;
}

void Monitor::join_groups(SymbolId one, SymbolId other) {
  const auto [kept, gone] = std::minmax({group_of(one), group_of(other)});
  std::ranges::replace(groups_, gone, kept);
}

void Monitor::on_end_of_input(SignalBuffer& out) noexcept {
  for (auto& instrument : instruments_) instrument->on_end_of_input(out);
}

void Monitor::on_downtime() noexcept {
  for (auto& instrument : instruments_) instrument->on_downtime();
}

void Monitor::save(std::string& out) {
  out += kMagic;
  const auto crc_at = out.size();
  out.append(sizeof(std::uint32_t), '\0');
  const auto body_at = out.size();
  auto io = StateIo::writer(out);
  auto count = static_cast<std::uint32_t>(instruments_.size() + options_.series.size());
  io(count);
  for (std::size_t i = 0; i < instruments_.size(); ++i) {
    std::string name = snapshot_name(SymbolId{static_cast<std::uint16_t>(i)});
    io(name);
    io.part([&](std::string& payload) { instruments_[i]->save(payload); });
    if (!series_[i]) continue;
    name += kLegs;
    io(name);
    io.part([&](std::string&) { series_[i]->state(io); });
  }
  const std::uint32_t crc =
      ~crc_of(std::string_view{out}.substr(body_at));  // never plain: the CRC of nothing would be zero
  std::memcpy(out.data() + crc_at, &crc, sizeof crc);
}

bool Monitor::load(std::string_view name, std::string_view payload, Resumed resumed) {
  for (std::size_t i = 0; i < instruments_.size(); ++i) {
    const auto own = snapshot_name(SymbolId{static_cast<std::uint16_t>(i)});
    if (name == own) return instruments_[i]->load(payload, resumed);
    if (!series_[i] || name != own + std::string(kLegs)) continue;
    auto legs = StateIo::reader(payload);
    series_[i]->state(legs);
    return legs.ok() && legs.at_end();
  }
  return true;  // gone from the configuration
}

Result<void> Monitor::load(std::string_view snapshot, Resumed resumed) {
  if (snapshot.size() < kMagic.size() + 4) return Error{"snapshot is cut short"};
  const auto magic = snapshot.substr(0, kMagic.size());
  if (magic.substr(0, 6) != kMagic.substr(0, 6)) return Error{"not a snapshot of Yagura"};
  if (magic != kMagic) {
    return Error{"snapshot has version " + std::string(magic.substr(6)) + ", this program reads version " +
                 std::string(kMagic.substr(6))};
  }
  std::uint32_t crc = 0;
  std::memcpy(&crc, snapshot.data() + kMagic.size(), sizeof crc);
  const auto body = snapshot.substr(kMagic.size() + sizeof crc);
  if (crc != ~crc_of(body)) return Error{"snapshot is damaged: its checksum does not match"};

  auto io = StateIo::reader(body);
  std::uint32_t count = 0;
  io(count);
  for (std::uint32_t i = 0; i < count && io.ok(); ++i) {
    std::string name, payload;
    io(name, payload);
    if (io.ok() && !load(name, payload, resumed)) return Error{"snapshot of " + name + " does not read back"};
  }
  if (!io.ok() || !io.at_end()) return Error{"snapshot does not read back"};
  return {};
}

}  // namespace yagura::processing
