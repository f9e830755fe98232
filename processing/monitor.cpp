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
      join_groups(SymbolId{static_cast<std::uint16_t>(i)}, other);
    });
  }
}

void Monitor::join_groups(SymbolId one, SymbolId other) {
  const auto [kept, gone] = std::minmax({group_of(one), group_of(other)});
  std::ranges::replace(groups_, gone, kept);
}

void Monitor::on_end_of_input(SignalBuffer& out) noexcept {
  for (auto& instrument : instruments_) instrument->on_end_of_input(out);
}

std::string Monitor::save() {
  std::string body;
  auto io = StateIo::writer(body);
  auto count = static_cast<std::uint32_t>(instruments_.size());
  io(count);
  for (auto& instrument : instruments_) {
    std::string symbol = instrument->info().symbol;
    std::string payload;
    instrument->save(payload);
    io(symbol, payload);
  }
  std::string snapshot{kMagic};
  auto crc = ~crc_of(body);  // never plain: the CRC of nothing would be zero
  snapshot.append(reinterpret_cast<const char*>(&crc), sizeof crc);
  return snapshot + body;
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
    std::string symbol, payload;
    io(symbol, payload);
    for (auto& instrument : instruments_) {
      if (io.ok() && instrument->info().symbol == symbol && !instrument->load(payload, resumed)) {
        return Error{"snapshot of " + symbol + " does not read back"};
      }
    }
  }
  if (!io.ok() || !io.at_end()) return Error{"snapshot does not read back"};
  return {};
}

}  // namespace yagura::processing
