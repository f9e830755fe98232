#include "app/bench/workload.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "app/start_up.hpp"
#include "config/scenario_file.hpp"
#include "feeds/replay_source.hpp"
#include "feeds/simulator.hpp"

namespace yagura::app::bench {
namespace {

// The symbol's index, a new one at its first mention.
std::uint16_t index_in(std::vector<std::string>& symbols, std::string_view name) {
  const auto known = std::ranges::find(symbols, name);
  if (known != symbols.end()) return static_cast<std::uint16_t>(known - symbols.begin());
  symbols.emplace_back(name);
  return static_cast<std::uint16_t>(symbols.size() - 1);
}

void take(Workload& into, const feeds::ReplayTick& tick) {
  into.ticks.push_back({.ts = tick.ts,
                        .price = tick.price,
                        .bid = tick.bid,
                        .ask = tick.ask,
                        .symbol = index_in(into.symbols, tick.symbol)});
}

std::string sha256_of(const Workload& workload) {
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context{EVP_MD_CTX_new(), EVP_MD_CTX_free};
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  std::string line;
  for (const auto& tick : workload.ticks) {
    line = workload.symbols[tick.symbol];
    for (const auto& price : {tick.price, tick.bid, tick.ask}) line += ' ' + (price ? to_string(*price) : "-");
    line += '\n';
    EVP_DigestUpdate(context.get(), line.data(), line.size());
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_DigestFinal_ex(context.get(), digest.data(), &size);
  std::string hex;
  for (unsigned i = 0; i < size; ++i) {
    char two[3];
    std::snprintf(two, sizeof two, "%02x", digest[i]);
    hex += two;
  }
  return hex;
}

}  // namespace

Result<Workload> bundled_workload() {
  const auto path = config::default_scenario_path();
  auto file = config::load_scenario(path);
  if (!file.ok()) return Error{file.problems.front()};
  Workload made;
  made.name = file.scenario.name + " (bundled, synthetic)";
  made.seed = file.scenario.seed;
  feeds::Simulator simulator{file.scenario};
  feeds::ReplayTick tick;
  while (simulator.next(tick) && tick.ts < file.scenario.until) take(made, tick);
  if (made.ticks.empty()) return Error{path + ": has no ticks"};
  made.sha256 = sha256_of(made);
  return made;
}

Result<Workload, feeds::SourceError> load_workload(const std::vector<std::string>& sources) {
  Workload made;
  SymbolTable symbols;
  std::vector<feeds::SourceSpec> specs;
  for (const auto& argument : sources) {
    auto spec = feeds::parse_source(argument);
    if (!spec) return spec.error();
    if (!spec->is_capture()) symbols.add(spec->symbol);
    const auto file = std::filesystem::path{spec->file}.filename().string();
    made.name += (made.name.empty() ? "" : " ") + (spec->is_capture() ? file : spec->symbol + "=" + file);
    specs.push_back(std::move(*spec));
  }
  // A capture says what is in it; the shipped instruments are what a vendor's rule leads to.
  for (const std::string_view shipped : {"NI225", "USDJPY"}) symbols.add(shipped);
  std::vector<feeds::LoadedSource> loaded;
  feeds::SourceNames names;
  for (const auto& spec : specs) {
    auto source = read_source(spec, symbols, names, {});
    if (!source) return source.error();
    loaded.push_back(std::move(*source));
  }
  const auto replay = feeds::make_replay_source(std::move(loaded), symbols);
  feeds::ReplayTick tick;
  while (replay->next(tick)) take(made, tick);
  if (made.ticks.empty())
    return feeds::SourceError{made.name + ": has no ticks to send", feeds::SourceErrorKind::kData};
  made.sha256 = sha256_of(made);
  return made;
}

Workload with_burst(const Workload& workload, const Schedule& schedule) {
  const auto burst = schedule.burst_ticks().value_or(Schedule::Stretch{});
  Workload made = workload;
  made.ticks.clear();
  std::vector<std::optional<Price>> first(workload.symbols.size());
  for (const auto& tick : workload.ticks) {
    auto& price = first[tick.symbol];
    if (!price) price = tick.price ? tick.price : tick.bid ? tick.bid : tick.ask;
  }
  const auto length = static_cast<double>(std::max<std::size_t>(burst.to - burst.from, 1));
  std::size_t source = 0;
  for (std::size_t i = 0; i < schedule.size(); ++i) {
    if (schedule.is_probe(i)) continue;
    auto tick = workload.ticks[source++ % workload.ticks.size()];
    const double through = std::clamp((static_cast<double>(i) - static_cast<double>(burst.from)) / length, 0.0, 1.0);
    const auto from = static_cast<double>(first[tick.symbol]->raw());
    constexpr std::int64_t kStep = 10'000'000;  // 0.01, a multiple of every shipped tick size
    // To and fro by a step, so that quiet ticks differ too.
    const auto raw = static_cast<std::int64_t>(from * (1 - kBurstMove * through)) / kStep * kStep +
                     static_cast<std::int64_t>(i % 2) * kStep;
    tick.price = Price::from_raw(raw);
    tick.bid = tick.ask = std::nullopt;
    made.ticks.push_back(tick);
  }
  made.sha256 = sha256_of(made);
  return made;
}

}  // namespace yagura::app::bench
