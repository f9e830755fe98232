// The frames of the feed documentation, one file a vendor, each with what it must decode to. The
// folder is not part of the repository: YAGURA_SHARED names it, else `shared` beside us.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "feeds/codec.hpp"
#include "feeds/decode_line.hpp"

namespace yagura::feeds {
namespace {

namespace fs = std::filesystem;
namespace dom = simdjson::dom;

fs::path samples() {
  const char* shared = std::getenv("YAGURA_SHARED");
  return (shared != nullptr ? fs::path{shared} : fs::path{YAGURA_ROOT} / ".." / "shared") / "feeds" / "samples";
}

std::int64_t nano(dom::element number) {
  double value = 0;
  std::string_view text;
  if (number.get(text) == simdjson::SUCCESS) return parse_price(text)->raw();
  EXPECT_EQ(number.get(value), simdjson::SUCCESS);
  return static_cast<std::int64_t>(value * 1e9 + (value < 0 ? -0.5 : 0.5));
}

// The expected prices are numbers: a double holds them to well under 1e-7.
void expect_same_price(dom::element got, dom::element want, const char* name, const std::string& line) {
  dom::element a, b;
  const bool has_got = got[name].get(a) == simdjson::SUCCESS;
  const bool has_want = want[name].get(b) == simdjson::SUCCESS;
  ASSERT_EQ(has_got, has_want) << name << ": " << line;
  if (has_got) {
    EXPECT_NEAR(static_cast<double>(nano(a)), static_cast<double>(nano(b)), 100.0) << name << ": " << line;
  }
}

void expect_same_tick(dom::element got, dom::element want, const std::string& line) {
  EXPECT_EQ(std::string_view{got["symbol"]}, std::string_view{want["symbol"]}) << line;
  EXPECT_EQ(simdjson::minify(got["ts_ms"]), simdjson::minify(want["ts_ms"])) << line;
  for (const auto* name : {"price", "bid", "ask"}) expect_same_price(got, want, name, line);
}

void check_line(Codec& codec, const std::string& line) {
  dom::parser sample_parser, answer_parser;
  const dom::element sample = sample_parser.parse(line);
  if (std::string_view{sample["dir"]} != "in") return;
  const std::string answer_text = decode_line(codec, std::string_view{sample["frame"]});
  const dom::element answer = answer_parser.parse(answer_text);
  const dom::array ticks = answer["ticks"];
  dom::array wanted;
  if (sample["expect"].get(wanted) != simdjson::SUCCESS) {
    EXPECT_FALSE(answer["error"].is_null()) << line;
    EXPECT_EQ(ticks.size(), 0U) << line;
    return;
  }
  ASSERT_EQ(ticks.size(), wanted.size()) << line << "\n" << answer_text;
  for (std::size_t i = 0; i < wanted.size(); ++i) expect_same_tick(ticks.at(i), wanted.at(i), line);
}

TEST(VendorSamplesSpec, DecodeToWhatTheDocumentationSays) {
  if (!fs::is_directory(samples())) GTEST_SKIP() << "no sample frames at " << samples() << " (YAGURA_SHARED)";
  int files = 0;
  for (const auto& entry : fs::directory_iterator{samples()}) {
    const auto* vendor = find_vendor(entry.path().stem().string());
    ASSERT_NE(vendor, nullptr) << entry.path() << ": no vendor of that name";
    ++files;
    const auto codec = vendor->make_codec();
    codec->on_open({});
    std::ifstream in{entry.path()};
    for (std::string line; std::getline(in, line);) check_line(*codec, line);
  }
  EXPECT_GE(files, 23);
}

}  // namespace
}  // namespace yagura::feeds
