// The picture's bytes are taken apart here, by a small reader of our PNG alone.
#include "alerts/mail/price_chart.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <zlib.h>

#include <fstream>
#include <limits>
#include <memory>
#include <vector>

#include "alerts/mail/png.hpp"
#include "letters.hpp"

namespace yagura::alerts {
namespace {

using namespace std::chrono_literals;

struct Chunk {
  std::string type, data;
  bool sound = false;
};
std::uint32_t number_at(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}
std::vector<Chunk> chunks_of(const std::string& png) {
  std::vector<Chunk> chunks;
  for (std::size_t at = 8; at + 12 <= png.size();) {
    const auto size = number_at(png, at);
    const auto sum = ::crc32(0, reinterpret_cast<const Bytef*>(png.data() + at + 4), size + 4);
    chunks.push_back({png.substr(at + 4, 4), png.substr(at + 8, size), sum == number_at(png, at + 8 + size)});
    at += 12 + size;
  }
  return chunks;
}
std::vector<std::uint8_t> pixels_of(const std::string& png, std::size_t width, std::size_t height) {
  const auto data = chunks_of(png).at(2).data;
  std::string raw((width + 1) * height, '\0');
  uLongf size = raw.size();
  EXPECT_EQ(::uncompress(reinterpret_cast<Bytef*>(raw.data()), &size, reinterpret_cast<const Bytef*>(data.data()),
                         data.size()),
            Z_OK);
  std::vector<std::uint8_t> pixels;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (i % (width + 1) != 0) pixels.push_back(static_cast<std::uint8_t>(raw[i]));
  }
  return pixels;
}

std::unique_ptr<RecentPrices> morning() {
  InstrumentInfo nikkei{"NI225", "Nikkei 225", "日経平均", {}, {}, CalendarKind::kTse, true, {}};
  nikkei.tick = parse_price_delta("0.01").value();
  auto recent = std::make_unique<RecentPrices>(std::vector{nikkei});
  auto at = parse_iso8601("2026-02-09T00:00:00Z").value();
  std::int64_t raw = 56'700 * Price::kScale;
  std::uint32_t random = 7;
  for (int i = 0; i < 400; ++i, at += 5s) {
    random = random * 1664525U + 1013904223U;
    raw += (static_cast<std::int64_t>(random >> 24) - 118) * Price::kScale / 12;
    recent->push(SymbolId{0}, at, Price::from_raw(raw));
  }
  return recent;
}

TEST(PriceChart, IsASoundPngWithLineLevelAndMoment) {
  const auto recent = morning();
  auto letter = sample_letter();
  const auto png = price_chart(letter, *recent);
  ASSERT_GT(png.size(), 100U);
  EXPECT_LT(png.size(), 20'000U) << "small enough for every mail";
  if (const char* const folder = ::getenv("YAGURA_CHART_FOLDER"))
    std::ofstream{std::string{folder} + "/chart.png"} << png;
  const auto chunks = chunks_of(png);
  ASSERT_EQ(chunks.size(), 4U);
  for (const auto& chunk : chunks) EXPECT_TRUE(chunk.sound) << chunk.type;
  EXPECT_EQ(chunks[0].type, "IHDR");
  EXPECT_EQ(number_at(chunks[0].data, 0), 960U);
  EXPECT_EQ(number_at(chunks[0].data, 4), 320U);
  EXPECT_EQ(chunks[3].type, "IEND");

  const auto pixels = pixels_of(png, 960, 320);
  std::vector<int> count(6);
  for (const auto colour : pixels) ++count.at(colour);
  for (std::size_t colour = 0; colour < 6; ++colour) EXPECT_GT(count[colour], 50) << "colour " << colour;
}

TEST(PriceChart, NothingIsDrawnWithoutPrices) {
  const auto recent = morning();
  auto letter = sample_letter();
  letter.instrument = "USDJPY";
  EXPECT_TRUE(price_chart(letter, *recent).empty());
  letter = sample_letter();
  letter.ts_event += std::chrono::days{3};
  EXPECT_TRUE(price_chart(letter, *recent).empty());
}

TEST(PriceChart, SurvivesOddAlerts) {
  const auto recent = morning();
  for (const char* json : {"", "{", "[]", R"({"price":7})", R"({"price":"x","levels":[1,"",null]})",
                           R"({"price":"9000000000","level":"-9000000000","levels":["0","0.000000001"]})"}) {
    auto letter = sample_letter();
    letter.json = json;
    EXPECT_FALSE(price_chart(letter, *recent).empty()) << json;
  }
}

TEST(PriceChart, AFlatLineHasARangeAndImpossiblePricesAreLeftOut) {
  const InstrumentInfo nikkei{"NI225", "", "", {}, {}, CalendarKind::kTse, true, {}};
  RecentPrices recent{std::vector{nikkei}};
  auto letter = sample_letter();
  letter.json = "{}";
  const auto begin = letter.ts_event - 10min;
  for (int i = 0; i < 10; ++i) recent.push(SymbolId{0}, begin + i * 1min, Price::from_raw(57'012 * Price::kScale));
  const auto flat = price_chart(letter, recent);
  EXPECT_FALSE(flat.empty());
  recent.push(SymbolId{0}, letter.ts_event, Price::from_raw(std::numeric_limits<std::int64_t>::max()));
  EXPECT_EQ(price_chart(letter, recent), flat);
}

}  // namespace
}  // namespace yagura::alerts
