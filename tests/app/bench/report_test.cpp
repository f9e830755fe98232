#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "app/bench/child.hpp"
#include "app/bench/compare.hpp"
#include "app/bench/config_text.hpp"
#include "app/bench/plan.hpp"
#include "app/bench/report_html.hpp"
#include "app/bench/report_json.hpp"
#include "app/bench/report_text.hpp"
#include "app/bench/stages.hpp"
#include "config/load.hpp"

namespace yagura::app::bench {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// Two rounds of Yagura and the floor at one rate; Yagura takes twice the floor's time in the first and three times
// in the second.
Report sample() {
  Report report;
  BenchOptions options;
  options.baseline = true;
  options.runs = "2";
  options.rates = {"1000"};
  report.plan = *plan_of(options);
  std::erase_if(report.plan.paths, [](const Path& path) {
    return path.name != "yagura" && path.name != "floor" && path.name != "node_ws";
  });
  report.source = "a source";
  report.sha256 = "ab";
  report.seed = 7;
  report.system.cpu = "a CPU";
  report.pinning = "none";
  for (int round = 0; round < 2; ++round) {
    for (const auto& [path, us] : {std::pair{"yagura", 20 + 10 * round}, {"floor", 10}}) {
      Run run;
      run.round = round;
      run.path = path;
      run.rate = "1000";
      for (int i = 0; i < 100; ++i) {
        run.response.record(us * 1us);
        run.service.record(us * 1us - 1us);
      }
      run.stages["wire_in"].record(5us);
      run.series = {{0, 10, 20}, {10, 11, 25}};
      run.sent = 1000;
      run.sent_late = 3;
      report.runs.push_back(std::move(run));
      report.saturations.push_back({.round = round, .path = path, .per_s = us * 1000.0});
    }
  }
  report.skipped["node_ws"] = "node is not installed";
  return report;
}

TEST(ReportJson, HasWhatItsReadersCountOn) {
  const auto file = json::parse(report_json(sample()));
  EXPECT_EQ(file["v"], 1);
  EXPECT_EQ(file["tool"], "yagura bench");
  EXPECT_EQ(file["runs"], 2);
  EXPECT_EQ(file["host"]["cpu"], "a CPU");
  EXPECT_TRUE(file["host"]["governor"].is_null());
  EXPECT_EQ(file["input"]["seed"], 7);
  const auto& yagura = file["paths"]["yagura"];
  EXPECT_EQ(yagura["wait"], "spin");
  EXPECT_EQ(yagura["workers"], 0);
  const auto& figures = yagura["latency_us"]["1000"];
  for (const char* key : {"p50", "p90", "p99", "p999", "p9999", "max"}) EXPECT_NEAR(figures[key], 25, 0.3) << key;
  EXPECT_EQ(figures["count"], 200);
  EXPECT_EQ(figures["sent_late"], 6);
  EXPECT_NEAR(figures["ranges"]["p50"][0], 20, 0.2);
  EXPECT_NEAR(figures["ranges"]["p50"][1], 30, 0.3);
  EXPECT_NEAR(yagura["stages_us"]["1000"]["wire_in"]["p50"], 5, 0.05);
  EXPECT_EQ(yagura["saturation_per_s"], 25'000);
  EXPECT_EQ(file["paths"]["node_ws"], json({{"skipped", "node is not installed"}}));
  EXPECT_EQ(file["rounds"].size(), 8u);
  for (const char* part : {"idle", "during"}) EXPECT_EQ(file["hiccups"][part]["count"], 0) << part;
}

TEST(ReportJson, ARatioIsTheMedianOfTheRoundsRatios) {
  const auto file = json::parse(report_json(sample()));
  const auto& ratios = file["ratios"]["yagura"]["1000"];
  EXPECT_NEAR(ratios["p50_vs_floor"], 2.5, 0.03);
  EXPECT_NEAR(ratios["ranges"]["p50_vs_floor"][0], 2, 0.02);
  EXPECT_NEAR(ratios["ranges"]["p50_vs_floor"][1], 3, 0.03);
  EXPECT_FALSE(ratios.contains("p50_vs_node"));
  EXPECT_NEAR(file["ratios"]["yagura"]["saturation_vs_floor"], 2.5, 0.001);
}

TEST(ReportPage, NeedsNothingFromOutside) {
  const auto page = report_html(sample());
  EXPECT_THAT(page, HasSubstr("<svg"));
  EXPECT_THAT(page, HasSubstr("p50_vs_floor"));
  for (const char* outside : {"http://", "https://", "src=", "@import", "url("})
    EXPECT_THAT(page, Not(HasSubstr(outside)));
}

class Compare : public ::testing::Test {
 protected:
  std::string file(const char* name, std::vector<double> p50s, const char* cpu = "a CPU") {
    json rounds = json::array();
    for (const double p50 : p50s) {
      const json figures = {{"p50", p50}, {"p90", 30}, {"p99", 40}, {"p999", 50}, {"p9999", 60}, {"max", 70}};
      rounds.push_back({{"path", "yagura"}, {"rate", "1000"}, {"latency_us", figures}});
      rounds.push_back({{"path", "yagura"}, {"saturation_per_s", 1000 / p50}});
    }
    const json all = {{"v", 1}, {"tool", "yagura bench"}, {"host", {{"cpu", cpu}, {"load", {1}}}}, {"rounds", rounds}};
    const auto path = dir_.path() / name;
    std::ofstream{path} << all.dump();
    return path.string();
  }
  ScratchDir dir_ = *ScratchDir::make();
};

TEST_F(Compare, TellsMoreThanNoiseFromNoise) {
  const auto before = file("before", {10, 11, 12, 13, 14});
  const auto slower = compare(before, file("slower", {20, 21, 22, 23, 24}));
  ASSERT_TRUE(slower);
  EXPECT_TRUE(slower->warnings.empty());
  EXPECT_EQ(slower->changes.front().figure, "p50");
  EXPECT_EQ(slower->changes.front().verdict, Change::Verdict::kWorse);
  EXPECT_EQ(slower->changes.back().figure, "saturation");
  EXPECT_EQ(slower->changes.back().verdict, Change::Verdict::kWorse) << "less is worse";
  EXPECT_TRUE(slower->worse());
  EXPECT_THAT(comparison_text(*slower), HasSubstr("+83.3 %"));

  const auto alike = compare(before, file("alike", {10.5, 11.5, 12.5, 13.5, 9}));
  EXPECT_EQ(alike->changes.front().verdict, Change::Verdict::kNoise);
  EXPECT_FALSE(alike->worse());

  const auto few = compare(file("few", {10, 11, 12}), file("others", {20, 21, 22}));
  EXPECT_EQ(few->changes.front().verdict, Change::Verdict::kTooFew);
  EXPECT_FALSE(few->worse());
}

TEST_F(Compare, WarnsWhenTheConditionsDiffer) {
  const auto other = compare(file("one", {1}), file("two", {1}, "another CPU"));
  ASSERT_TRUE(other);
  EXPECT_THAT(other->warnings, ElementsAre(R"(host.cpu differs: "a CPU" and "another CPU")"));
}

TEST_F(Compare, RefusesWhatIsNoReport) {
  std::ofstream{dir_.path() / "other.json"} << R"({"v":1})";
  EXPECT_THAT(compare((dir_.path() / "other.json").string(), "x").error().message,
              HasSubstr("is no file of yagura bench"));
  EXPECT_THAT(compare((dir_.path() / "none.json").string(), "x").error().message, HasSubstr("cannot be read"));
}

TEST(BenchPlan, SaysInOneLineWhatIsWrong) {
  const auto problem = [](auto change) {
    BenchOptions options;
    change(options);
    const auto plan = plan_of(options);
    return plan ? std::string{} : plan.error().message;
  };
  EXPECT_EQ(problem([](auto&) {}), "");
  EXPECT_EQ(problem([](auto& o) { o.rates = {"0"}; }), "--rate 0: must be a number from 1 to 1000000");
  EXPECT_EQ(problem([](auto& o) { o.seconds = "1h"; }), "--seconds 1h: must be a number from 0.1 to 3600");
  EXPECT_EQ(problem([](auto& o) { o.runs = "1.5"; }), "--runs 1.5: must be a whole number");
  EXPECT_EQ(problem([](auto& o) { o.wait = "yield"; }), "--wait yield: must be spin or block");
  EXPECT_THAT(problem([](auto& o) { o.speed = "fast"; }), HasSubstr("--speed fast: must be"));
  EXPECT_THAT(problem([](auto& o) { o.hold = "1"; }), HasSubstr("--hold 1: must be a duration"));
  EXPECT_THAT(problem([](auto& o) { o.baseline = true, o.wait = "spin"; }), HasSubstr("--baseline: runs every way"));
  BenchOptions comparison;
  comparison.baseline = true;
  EXPECT_TRUE(plan_of(comparison)->pin);
  EXPECT_FALSE(plan_of(BenchOptions{})->pin);
  EXPECT_THAT(problem([](auto& o) { o.rates = {"1000000"}, o.seconds = "3600"; }), HasSubstr("more than 20 million"));
}

TEST(BenchConfig, ChangesTheShippedFileOnlyWhereItMust) {
  EXPECT_EQ(without_sections("a = 1\n[[feed]]\nb = 2\n[x]\nc = 3\n[[feed]]\nd = 4\n", "[[feed]]"),
            "a = 1\n[x]\nc = 3\n");
  EXPECT_EQ(with_key("[p]\nwaits = 1\nwait = \"auto\"  # x\n[q]\nwait = 2\n", "[p]", "wait", "\"spin\""),
            "[p]\nwait = \"spin\"\nwaits = 1\n[q]\nwait = 2\n");
}

TEST(BenchConfig, EveryPathsConfigurationIsValid) {
  std::ifstream in{std::string{YAGURA_ROOT} + "/config/yagura.toml"};
  const std::string shipped{std::istreambuf_iterator<char>{in}, {}};
  const auto levels = std::filesystem::temp_directory_path() / "yagura-bench-config-test.csv";
  std::ofstream{levels} << "1000.001\n1000.002\n";
  BenchOptions options;
  options.baseline = true;
  const auto plan = *plan_of(options);
  SubjectOptions subject;
  subject.symbols = {"NI225", "USDJPY", "EURUSD"};
  subject.levels = 2;
  for (auto path : plan.paths) {
    if (!path.monitor()) continue;
    path.wait_when_full = path.name == "yagura";
    const auto text = monitor_config(path, subject, shipped, 9, levels);
    const auto loaded = config::load_text(text, path.name);
    EXPECT_THAT(loaded.problems, ElementsAre()) << text;
    EXPECT_EQ(loaded.settings.feeds.size(), 1u);
    const auto& pipeline = loaded.settings.pipeline;
    EXPECT_EQ(pipeline.workers, path.workers.value_or(1));
    if (path.wait) {
      EXPECT_EQ(pipeline.wait, *path.wait == "spin" ? config::WaitMode::kSpin : config::WaitMode::kBlock);
    }
    EXPECT_EQ(pipeline.on_full, path.wait_when_full ? config::OnFull::kWait : config::OnFull::kFold);
  }
  std::filesystem::remove(levels);
}

TEST(BenchStages, TheWindowIsWhatCameBetweenTwoReadings) {
  const auto before = parse_stages(
      R"({"v":1,"stages":{"decode":{"count":1,"sum_ns":100,"min_ns":100,"max_ns":100,"buckets":[[100,1]]}}})");
  const auto after = parse_stages(
      R"({"v":1,"stages":{"decode":{"count":3,"sum_ns":500,"min_ns":100,"max_ns":200,"buckets":[[100,1],[200,2]]},
          "new":{"count":0,"sum_ns":0,"min_ns":0,"max_ns":0,"buckets":[]}}})");
  ASSERT_TRUE(before);
  ASSERT_TRUE(after);
  std::map<std::string, LatencyHistogram> stages;
  add_monitor_stages(*before, *after, stages);
  EXPECT_EQ(stages.at("parsed").count(), 2u);
  EXPECT_EQ(stages.at("parsed").sum(), 400ns);
  EXPECT_EQ(stages.at("parsed").percentile(50), 200ns);
  EXPECT_EQ(stages.at("new").count(), 0u);
  EXPECT_FALSE(parse_stages("{}"));
}

}  // namespace
}  // namespace yagura::app::bench
