// Killed at any entry and started again: both lives together say what one uninterrupted life says, under
// the same ids and numbers.
#include "app/recovery.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>

#include "alerts/journal_reader.hpp"
#include "app/alert_desk.hpp"
#include "app/snapshot_blob.hpp"
#include "tests/app/pipeline_fixture.hpp"

namespace yagura::app {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

processing::MonitorOptions rules() {
  auto options = two_always_open();
  for (auto& rule : options.rules)
    if (auto* milestone = std::get_if<processing::MilestoneOptions>(&rule.kind)) milestone->crossing.close = true;
  for (std::uint16_t i = 0; i < 2; ++i)
    options.rules.push_back({"stale-" + std::to_string(i), SymbolId{i}, processing::StaleOptions{.after = 5s}});
  return options;
}

alerts::Catalog catalog_of(const processing::MonitorOptions& options) {
  alerts::Catalog catalog;
  catalog.instruments = options.instruments;
  for (const auto& rule : options.rules)
    catalog.rules.push_back({rule.id, processing::kind_of(rule), rule.instrument, {}});
  return catalog;
}

// Number, id and words of an alert, less the times that are another life's.
using Said = std::map<std::uint64_t, std::string>;

std::string without_times(std::string json) {
  for (const std::string_view field : {"\"ts_recv_ns\":", "\"ts_decided_ns\":"}) {
    const auto begin = json.find(field);
    if (begin != std::string::npos) json.erase(begin, json.find(',', begin) - begin);
  }
  return json;
}

// One run of the monitor on a state directory, wired as app/live_monitor.cpp does. What it said before
// it is dropped without a snapshot is what people saw before the kill.
class Life {
 public:
  Life(const fs::path& state, ManualClock& clock, std::size_t slots = 1024,
       const processing::MonitorOptions& options = rules())
      : clock_(clock), catalog_(catalog_of(options)), monitor_(options) {
    const alerts::StateDir dir{state};
    journal_ = std::move(*alerts::Journal::open(dir));
    auto snapshot = journal_->load_snapshot();
    SnapshotParts parts;
    if (snapshot) parts = *split(snapshot->version, std::move(snapshot->blob));
    const auto place = snapshot
                           ? std::optional{Recovery::Place{parts.ring, static_cast<std::uint64_t>(snapshot->position)}}
                           : std::nullopt;
    auto recovery = Recovery::read(dir.ring_file(), options, place);
    EXPECT_TRUE(recovery) << recovery.error().message;
    recovery_ = *std::move(recovery);
    if (snapshot) {
      EXPECT_TRUE(monitor_.load(parts.detectors, recovery_->resumed()));
      EXPECT_TRUE(policy_.load(parts.delivery));
    }
    AlertDesk::Outputs outputs;
    outputs.console = [this](std::uint64_t seq, std::string_view json, std::string_view) {
      EXPECT_TRUE(said.emplace(seq, without_times(std::string(json))).second) << "number " << seq << " twice";
    };
    desk_ = std::make_unique<AlertDesk>(catalog_, *journal_, policy_, std::move(outputs));
    pipeline_ = std::make_unique<Pipeline>(
        Pipeline::Options{.future_limit = {}}, monitor_, clock_,
        Pipeline::Outlets{.alerts = [this](SignalBuffer& signals) { desk_->hand_out(signals); },
                          .accepted = [](const processing::InstrumentMonitor&, MonoTime) {},
                          .wake = [] {},
                          .folding = [] {},
                          .silence_reason = [](SymbolId) { return StaleReason::kSocketClosed; },
                          .clock = [this](SymbolId symbol, Timestamp now) { desk_->on_clock(symbol, now); }});
    port_ = std::make_unique<Pipeline::Port>(*pipeline_, 0, 1);
    recovered = recovery_->entries();
    recovery_->run(*pipeline_, monitor_, *journal_);
    repeats = desk_->repeats();
    store_snapshot();
    EXPECT_TRUE(journal_->flush());
    ring_ = std::make_unique<alerts::CrashRing>(*recovery_->open_ring(slots, true));
    pipeline_->record_to(ring_.get());
  }

  void tick(Tick tick) {
    tick.ts_recv = clock_.now();
    tick.mono_recv = clock_.mono();
    port_->on_tick(tick);
    pipeline_->drain();
  }
  void beat() {
    pipeline_->watch_silence();
    pipeline_->on_second();
  }
  void store_snapshot() {
    auto [id, position] = recovery_->place();
    if (ring_) position = ring_->last();
    struct {
      void save(std::string&) {}
    } none;
    journal_->put_snapshot(
        {kSnapshotVersion, static_cast<std::int64_t>(position), join(monitor_, policy_, id, none, 0)});
  }
  void flush() { EXPECT_TRUE(journal_->flush()); }

  // What the journal holds of it all, once it has committed.
  Said stored() {
    flush();
    auto reader = alerts::JournalReader::open(journal_->file());
    const auto alerts = reader->read_after(0, 1'000'000);
    Said all;
    for (const auto& alert : *alerts) all.emplace(alert.seq, without_times(alert.json));
    return all;
  }

  Said said;
  std::size_t recovered = 0;
  std::uint64_t repeats = 0;
  [[nodiscard]] const std::vector<std::string>& remarks() const { return recovery_->remarks(); }
  [[nodiscard]] processing::Monitor& monitor() { return monitor_; }
  [[nodiscard]] alerts::CrashRing& ring() { return *ring_; }

 private:
  ManualClock& clock_;
  alerts::Catalog catalog_;
  processing::Monitor monitor_;
  alerts::DeliveryPolicy policy_{catalog_, [this] {
                                   alerts::DeliveryOptions options;
                                   options.rules.resize(catalog_.rules.size());
                                   return options;
                                 }()};
  std::unique_ptr<alerts::Journal> journal_;
  std::optional<Recovery> recovery_;
  std::unique_ptr<alerts::CrashRing> ring_;
  std::unique_ptr<AlertDesk> desk_;
  std::unique_ptr<Pipeline> pipeline_;
  std::unique_ptr<Pipeline::Port> port_;
};

// A step of the script: time passes, then a tick or a beat of the clock, perhaps a snapshot behind it.
struct Step {
  Duration later{};
  std::optional<Tick> tick;
  bool snapshot = false;
  bool flush = false;  // the journal had time to commit
};

constexpr std::size_t kNight = 12;  // steps

std::vector<Step> make_script(std::uint64_t seed, std::size_t length) {
  std::mt19937_64 random{seed};
  const auto below = [&](std::uint64_t n) { return random() % n; };
  std::vector<Step> script(length);
  const auto evening = length / 2;
  std::int64_t cents[] = {10'000, 10'000};
  std::uint64_t seq[] = {0, 0};
  Timestamp now = kOpen;
  for (auto& step : script) {
    const auto i_step = static_cast<std::size_t>(&step - script.data());
    step.later = below(10) == 0 ? 6s : 1ms * static_cast<std::int64_t>(1 + below(400));
    // A day ends, and only the clock says so: no tick comes for two minutes.
    const bool at_night = i_step > evening && i_step <= evening + kNight;
    if (i_step == evening) step.later = kOpen + 24h - 1s - now;
    if (at_night) step.later = 10s;
    now += step.later;
    step.snapshot = below(40) == 0 && !at_night;
    step.flush = below(10) == 0;
    if (at_night || (i_step != evening && below(3) == 0)) continue;  // a beat
    Tick tick{};
    const auto i = below(2);
    cents[i] = std::clamp<std::int64_t>(cents[i] + static_cast<std::int64_t>(below(161)) - 80, 8'000, 12'000);
    tick.symbol = SymbolId{static_cast<std::uint16_t>(i)};
    tick.source = SourceId{1};
    tick.price = Price::from_raw(cents[i] * (Price::kScale / 100));
    tick.ts_event = now;
    tick.flags = TickFlag::kHasSeq;
    seq[i] += below(30) == 0 ? 2U : 1U;  // now and then one is missing
    tick.seq = seq[i];
    step.tick = tick;
  }
  return script;
}

void play(Life& life, ManualClock& clock, const Step& step, bool snapshots) {
  clock.advance(step.later);
  if (step.tick)
    life.tick(*step.tick);
  else
    life.beat();
  if (snapshots && step.snapshot) life.store_snapshot();
  if (step.flush) life.flush();
}

// YAGURA_SEEDS=1000 for a night.
std::uint64_t seeds() {
  const char* wanted = std::getenv("YAGURA_SEEDS");
  return wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 12;
}

class RecoverySpec : public testing::Test {
 protected:
  RecoverySpec() {
    std::string name = (fs::temp_directory_path() / "yagura-recovery-XXXXXX").string();
    folder = ::mkdtemp(name.data());
  }
  ~RecoverySpec() override { fs::remove_all(folder); }
  [[nodiscard]] fs::path state(const std::string& name) const { return folder / name; }

  // What the disk holds at this moment, as a kill leaves it; the log's index is made anew from the log.
  void kill(const std::string& from, const std::string& to) const {
    fs::remove_all(state(to));
    fs::create_directory(state(to));
    for (const auto* name : {"journal.db", "journal.db-wal", "ring"})
      fs::copy_file(state(from) / name, state(to) / name);
  }

  // Plays `script`, killed after `alive` steps and started again for the rest: nothing comes in between.
  Said two_lives(const std::vector<Step>& script, std::size_t alive, std::uint64_t& repeats) const {
    ManualClock clock{kOpen};
    fs::remove_all(state("first"));
    Life first{state("first"), clock};
    for (std::size_t i = 0; i < alive; ++i) play(first, clock, script[i], true);
    kill("first", "second");
    Life second{state("second"), clock};
    EXPECT_THAT(second.remarks(), IsEmpty());
    repeats += second.repeats;
    auto all = first.said;
    for (const auto& [seq, json] : second.said) {
      const auto [known, fresh] = all.emplace(seq, json);
      EXPECT_EQ(known->second, json) << "number " << seq << " says something else after the kill";
    }
    EXPECT_EQ(second.stored(), all) << "said before the kill, and lost";
    return all;
  }

  static Said one_life(const fs::path& state, const std::vector<Step>& script, std::size_t alive) {
    ManualClock clock{kOpen};
    Life life{state, clock};
    for (std::size_t i = 0; i < alive; ++i) play(life, clock, script[i], false);
    return life.said;
  }

  fs::path folder;
};

TEST_F(RecoverySpec, BothLivesTogetherSayWhatOneUninterruptedLifeSays) {
  std::mt19937_64 random{9};
  std::size_t alerts = 0;
  std::uint64_t repeats = 0;
  for (std::uint64_t seed = 1; seed <= seeds(); ++seed) {
    const auto script = make_script(seed, 300);
    // Anywhere, and every other time in the night.
    const auto alive = 1 + (seed % 2 == 0 ? script.size() / 2 + random() % (kNight + 5) : random() % script.size());
    fs::remove_all(state("whole"));
    const auto whole = one_life(state("whole"), script, alive);
    EXPECT_EQ(two_lives(script, alive, repeats), whole) << "seed " << seed << ", killed after " << alive;
    alerts += whole.size();
    if (HasFailure()) return;
  }
  EXPECT_GT(alerts, 10 * seeds()) << "and there was something to say";
  EXPECT_GT(repeats, 0U) << "and something decided twice";
}

// A snapshot lacks what only the clock knew; the entries behind it must bring it back.
TEST_F(RecoverySpec, TheStateAfterwardsIsThatOfOneUninterruptedLife) {
  for (std::uint64_t seed = 100; seed < 100 + seeds(); ++seed) {
    const auto script = make_script(seed, 200);
    const auto alive = script.size() / 2 + seed % (kNight + 5);
    ManualClock clock{kOpen};
    fs::remove_all(state("first"));
    Life first{state("first"), clock};
    for (std::size_t i = 0; i < alive; ++i) play(first, clock, script[i], true);
    kill("first", "second");
    Life second{state("second"), clock};
    first.monitor().on_downtime();
    EXPECT_EQ(second.monitor().save(), first.monitor().save()) << "seed " << seed;
  }
}

TEST_F(RecoverySpec, OnlyWhatComesAfterwardsHappenedWhileDown) {
  ManualClock clock{kOpen};
  Tick tick{};
  tick.symbol = SymbolId{1};
  const auto at = [&](const char* text) {
    clock.advance(1s);
    tick.ts_event = clock.now();
    tick.price = price(text);
    return tick;
  };
  Life first{state("first"), clock};
  first.tick(at("98"));
  first.store_snapshot();
  first.flush();
  first.tick(at("101"));
  kill("first", "second");
  Life second{state("second"), clock};
  EXPECT_EQ(second.recovered, 1U);
  second.tick(at("111"));
  auto said = first.said;
  said.merge(second.said);
  std::vector<std::string> reached, down;
  for (const auto& [seq, json] : said) {
    if (json.find("\"reached\"") == std::string::npos) continue;
    (json.find("\"while_down\":true") == std::string::npos ? reached : down).push_back(json);
  }
  EXPECT_THAT(reached, ElementsAre(HasSubstr(R"("level":"100")")));
  EXPECT_THAT(down, ElementsAre(HasSubstr(R"("level":"110")")));
}

// 2,000 ticks, a snapshot before the first and none after; `spoil` what is left; start again.
struct Restart {
  std::size_t recovered;
  std::vector<std::string> remarks;
};

class SpoiltRingSpec : public RecoverySpec {
 protected:
  template <class Spoil>
  Restart restart(Spoil&& spoil, const processing::MonitorOptions& then = rules(), std::size_t slots = 1024) {
    ManualClock clock{kOpen};
    {
      Life life{state("first"), clock};
      for (const auto& step : make_script(7, ticks)) play(life, clock, step, false);
      written = life.ring().last();
      kill("first", "second");
    }
    spoil(state("second") / "ring");
    Life life{state("second"), clock, slots, then};
    EXPECT_EQ(life.ring().capacity(), slots);
    Tick tick{};
    tick.price = price("100");
    tick.ts_event = clock.now();
    life.tick(tick);  // goes on, whatever there was
    return {life.recovered, life.remarks()};
  }
  static void flip(const fs::path& file, std::streamoff at) {
    std::fstream bytes{file, std::ios::in | std::ios::out | std::ios::binary};
    bytes.seekg(at);
    const auto byte = static_cast<char>(bytes.get() ^ 4);
    bytes.seekp(at);
    bytes.put(byte);
  }
  std::size_t ticks = 100;
  std::uint64_t written = 0;
};

TEST_F(SpoiltRingSpec, TellsHowMuchTheRingRanOver) {
  ticks = 2'000;
  const auto [recovered, remarks] = restart([](const fs::path&) {});
  EXPECT_EQ(recovered, 1024U);
  EXPECT_THAT(remarks,
              ElementsAre(HasSubstr(std::to_string(written - 1024) + " entries after the last snapshot are lost")));
}

TEST_F(SpoiltRingSpec, UsesWhatStandsBeforeADamagedEntry) {
  const auto [recovered, remarks] = restart([](const fs::path& file) { flip(file, 4096 + 51 * 128 + 70); });
  EXPECT_EQ(recovered, 50U);
  EXPECT_THAT(remarks,
              ElementsAre(HasSubstr("/ring: entry 51 at byte 10624 is damaged; the 50 after the last snapshot")));
}

TEST_F(SpoiltRingSpec, KeepsAsideWhatHasADamagedHead) {
  const auto [recovered, remarks] = restart([](const fs::path& file) { flip(file, 20); });
  EXPECT_EQ(recovered, 0U);
  EXPECT_THAT(remarks, ElementsAre(HasSubstr("its head (bytes 0 to 63) is damaged")));
  EXPECT_TRUE(fs::exists(state("second") / "ring.damaged"));
}

TEST_F(SpoiltRingSpec, GoesOnWithoutAFile) {
  const auto [recovered, remarks] = restart([](const fs::path& file) { fs::remove(file); });
  EXPECT_EQ(recovered, 0U);
  EXPECT_THAT(remarks, ElementsAre(HasSubstr("/ring: missing")));
}

TEST_F(SpoiltRingSpec, RunsNothingAgainForOtherInstruments) {
  auto others = rules();
  others.instruments[0].symbol = "TOPIX";
  const auto [recovered, remarks] = restart([](const fs::path&) {}, others);
  EXPECT_EQ(recovered, 0U);
  EXPECT_THAT(remarks, ElementsAre(HasSubstr("other instruments are watched now")));
}

TEST_F(SpoiltRingSpec, RunsAgainForOtherRules) {
  auto others = rules();
  others.rules.pop_back();
  const auto [recovered, remarks] = restart([](const fs::path&) {}, others);
  EXPECT_EQ(recovered, written);
  EXPECT_THAT(remarks, IsEmpty());
}

TEST_F(SpoiltRingSpec, ChangesItsSizeWhenAllIsStored) {
  const auto [recovered, remarks] = restart([](const fs::path&) {}, rules(), 4096);
  EXPECT_EQ(recovered, written);
  EXPECT_THAT(remarks, IsEmpty());
}

TEST_F(SpoiltRingSpec, DoesNotRunAnotherJournalsEntries) {
  const auto [recovered, remarks] = restart([this](const fs::path& file) {
    ManualClock clock{kOpen};
    {
      Life stranger{state("third"), clock};
      for (const auto& step : make_script(8, 100)) play(stranger, clock, step, false);
    }
    fs::copy_file(state("third") / "ring", file, fs::copy_options::overwrite_existing);
  });
  EXPECT_EQ(recovered, 0U);
  EXPECT_THAT(remarks, ElementsAre(HasSubstr("not of this journal's last snapshot")));
}

}  // namespace
}  // namespace yagura::app
