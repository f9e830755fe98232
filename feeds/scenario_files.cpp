// The script of a scenario as a file.
#include "core/json_writer.hpp"
#include "feeds/capture.hpp"
#include "feeds/simulator.hpp"
#include "feeds/text_file.hpp"

namespace yagura::feeds {
namespace {

void append_price(std::string& line, const std::optional<Price>& price) {
  char text[kMaxPriceChars];
  line += ',';
  if (price) line.append(text, write_price(text, price->raw()));
}

// Calls `write` for each tick of the script until it says false.
template <class Write>
std::uint64_t for_each_tick(const ScenarioOptions& options, const OnSimulated& on_tick, Write&& write) {
  Simulator simulator{options};
  std::uint64_t count = 0;
  for (ReplayTick tick; simulator.next(tick) && tick.ts <= options.until && write(tick);) {
    ++count;
    if (on_tick) on_tick(count, tick.ts);
  }
  return count;
}

Result<std::uint64_t> write_csv(const ScenarioOptions& options, const std::string& file, const OnSimulated& on_tick) {
  auto created = TextFile::create(file);
  if (!created) return created.error();
  auto& out = **created;
  out.write("ts_ns,symbol,price,bid,ask\n");
  std::string line;
  const auto count = for_each_tick(options, on_tick, [&](const ReplayTick& tick) {
    line = std::to_string(to_ns(tick.ts));
    line.append(",").append(tick.symbol);
    for (const auto* price : {&tick.price, &tick.bid, &tick.ask}) append_price(line, *price);
    return out.write(line += '\n');
  });
  if (!out.close()) return Error{out.error()};
  return count;
}

Result<std::uint64_t> write_capture(const ScenarioOptions& options, const std::string& file,
                                    const OnSimulated& on_tick) {
  const auto& native = *find_vendor("native");
  CaptureHeader header{options.until, {}};  // no clock of ours: the same scenario gives the same bytes
  auto& feed = header.feeds[options.name];
  feed.vendor = native.name;
  for (const auto& instrument : options.instruments) feed.symbols[instrument.symbol] = instrument.symbol;
  auto created = CaptureWriter::create(file, header);
  if (!created) return created.error();
  auto& out = **created;
  VendorServerShared shared;
  const auto server = native.make_server(shared);
  std::string frame;
  const auto count = for_each_tick(options, on_tick, [&](const ReplayTick& tick) {
    frame.clear();
    server->encode(tick, frame);
    return out.write({tick.ts, options.name, native.name, FrameDir::kIn, {frame, false}});
  });
  if (!out.close()) return Error{out.error()};
  return count;
}

}  // namespace

Result<std::uint64_t> write_scenario(const ScenarioOptions& options, const std::string& file,
                                     const OnSimulated& on_tick) {
  if (file.ends_with(".csv") || file.ends_with(".csv.gz")) return write_csv(options, file, on_tick);
  if (file.ends_with(".ycap") || file.ends_with(".ycap.gz")) return write_capture(options, file, on_tick);
  return Error{file + ": the name must end in .csv, .csv.gz, .ycap or .ycap.gz"};
}

}  // namespace yagura::feeds
