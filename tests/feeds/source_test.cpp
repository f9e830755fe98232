// Tick and bar files as input, rule by rule.
#include "feeds/source.hpp"

#include <gmock/gmock.h>

#include <random>

#include "tests/feeds/temp_folder.hpp"

namespace yagura::feeds {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class SourceSpecs : public ::testing::Test {
 protected:
  SourceSpecs() {
    symbols_.add("NI225");
    symbols_.add("USDJPY");
  }
  Result<LoadedSource, SourceError> load(std::string_view text, std::string symbol = "USDJPY") {
    return load_source({std::move(symbol), folder_.write("in.csv", text)}, symbols_, sources_, options_);
  }
  LoadedSource loaded(std::string_view text) {
    auto result = load(text);
    EXPECT_TRUE(result.has_value()) << (result ? "" : result.error().message);
    return result ? *std::move(result) : LoadedSource{};
  }
  // "time price" of each tick, in file order.
  static std::vector<std::string> ticks(const LoadedSource& source) {
    std::vector<std::string> out;
    for (const auto& tick : source.ticks)
      out.push_back(std::to_string(to_ns(tick.ts_event)) + " " + to_string(tick.price));
    return out;
  }
  std::vector<std::string> ticks(std::string_view text) { return ticks(loaded(text)); }
  // The reason why the one row under `header` is bad; "good" when it is not.
  std::string verdict(const std::string& header, const std::string& row) {
    options_.lenient = true;
    const auto source = loaded(header + "\n" + row + "\n");
    EXPECT_EQ(source.rows, 1U);
    return source.bad == 0 ? "good" : source.first_bad.at(0).reason;
  }
  SourceError error_of(std::string_view text, std::string symbol = "USDJPY") {
    const auto result = load(text, std::move(symbol));
    EXPECT_FALSE(result.has_value());
    return result ? SourceError{} : result.error();
  }

  TempFolder folder_;
  SymbolTable symbols_;
  SourceNames sources_;
  SourceOptions options_;
};

TEST_F(SourceSpecs, ReadsPricesAndQuotesInFileOrder) {
  EXPECT_THAT(ticks("ts_ns,price\n1770595200123456789,157.1\n5,1.5e2\n"),
              ElementsAre("1770595200123456789 157.1", "5 150"));
  EXPECT_THAT(ticks("ts_ms,bid,ask\n2,157.000,157.003\n1, 1 ,\t2\n"), ElementsAre("2000000 157.0015", "1000000 1.5"));
}

TEST_F(SourceSpecs, KeepsBothSidesOfAQuoteBesideItsMid) {
  const auto source = loaded("ts_ms,bid,ask\n0,157.000000001,157.000000002\n");
  ASSERT_THAT(source.ticks, SizeIs(1));
  const auto& tick = source.ticks[0];
  EXPECT_EQ(to_string(tick.price), "157.000000001");  // floor
  EXPECT_EQ(to_string(tick.bid), "157.000000001");
  EXPECT_EQ(to_string(tick.ask), "157.000000002");
  EXPECT_TRUE(tick.two_sided());
  EXPECT_EQ(tick.ts_recv, tick.ts_event);
  EXPECT_EQ(symbols_.name(tick.symbol), "USDJPY");
}

TEST_F(SourceSpecs, PrefersThePriceCellWhereItIsFilled) {
  EXPECT_THAT(ticks("price,bid,ask,ts_ms\n5,1,2,0\n,1,2,1\n7,,,2\n8,1,,3\n"),
              ElementsAre("0 5", "1000000 1.5", "2000000 7", "3000000 8"));
}

TEST_F(SourceSpecs, LetsNanosecondsWin) {
  EXPECT_THAT(ticks("ts_ms,ts_ns,price\n1,7,5\nrubbish,8,6\n"), ElementsAre("7 5", "8 6"));
}

TEST_F(SourceSpecs, IgnoresUnknownColumnsAndBlankLines) {
  EXPECT_THAT(ticks("\xEF\xBB\xBF\"name\", ts_ms ,volume,price,note\r\n\"a, b\",1,9,5,x\r\n\r\n  \r\nc,2,,6\r\n"),
              ElementsAre("1000000 5", "2000000 6"));
}

TEST_F(SourceSpecs, KnowsGoodPricesFromBad) {
  for (const auto* good : {"1", " 1.50 ", "+1", "-1", "0", "1e2", "1.5E-3", "000157.1", "157.1234567891",
                           "9223372036.854775807", "\"1.5\""}) {
    EXPECT_EQ(verdict("ts_ms,price", std::string{"0,"} + good), "good") << good;
  }
  for (const auto* bad : {"nan", "inf", "-Infinity", "NULL", "1.2.3", "1,5e", "0x10", "1e", ".", "1.", ".5", "--1",
                          "1 2", "1e308", "99999999999", "-"}) {
    EXPECT_THAT(verdict("ts_ms,price", std::string{"0,\""} + bad + "\""), HasSubstr("price")) << bad;
  }
  EXPECT_THAT(ticks(loaded("ts_ms,price\n0,157.1234567895\n0,1234567890.5\n0,-0.0000000005\n")),
              ElementsAre("0 157.12345679", "0 1234567890.5", "0 -0.000000001"));
}

TEST_F(SourceSpecs, KnowsBadRowsAndSaysWhy) {
  EXPECT_EQ(verdict("ts_ms,price", "12.5,1"), "ts_ms \"12.5\" is not an integer");
  EXPECT_EQ(verdict("ts_ms,price", ",1"), "ts_ms is empty");
  EXPECT_EQ(verdict("ts_ms,price", "99999999999999,1"), "ts_ms \"99999999999999\" is out of range");
  EXPECT_EQ(verdict("ts_ns,price", "99999999999999999999,1"), "ts_ns \"99999999999999999999\" is not an integer");
  EXPECT_EQ(verdict("ts_ms,price", "1"), "price is missing: the row is too short");
  EXPECT_EQ(verdict("ts_ms,price,bid,ask", "1,5"), "bid is missing: the row is too short");
  EXPECT_EQ(verdict("ts_ms,price", "1,abc"), "price \"abc\" is not a number in range");
  EXPECT_EQ(verdict("ts_ms,bid,ask", "1,5,"), "one side alone and no price");
  EXPECT_EQ(verdict("ts_ms,bid,ask", "1,,"), "neither price nor bid and ask");
  EXPECT_EQ(verdict("ts_ms,price,bid,ask", "1,5,x,6"), "bid \"x\" is not a number in range");
  EXPECT_EQ(verdict("ts_ms,price", " -5 ,1"), "good");
}

TEST_F(SourceSpecs, ReadsSequenceNumbersAndEmptyCellsAsNone) {
  const auto source = loaded("ts_ms,price,seq\n0,1,0\n1,1,\n2,1,42\n");
  ASSERT_THAT(source.ticks, SizeIs(3));
  EXPECT_TRUE(has(source.ticks[0].flags, TickFlag::kHasSeq));
  EXPECT_FALSE(has(source.ticks[1].flags, TickFlag::kHasSeq));
  EXPECT_EQ(source.ticks[2].seq, 42U);
  EXPECT_EQ(verdict("ts_ms,price,seq", "0,1,-1"), "seq \"-1\" is not an integer >= 0");
  EXPECT_EQ(verdict("ts_ms,price,seq", "0,1,a"), "seq \"a\" is not an integer >= 0");
}

TEST_F(SourceSpecs, GivesEachFileAndEachValueOfItsSourceColumnAnIdOfItsOwn) {
  const auto plain = loaded("ts_ms,price\n0,1\n1,2\n");
  const auto mixed = loaded("ts_ms,price,source\n0,1,a\n1,2,b\n2,3,a\n");
  EXPECT_EQ(plain.ticks[0].source, plain.ticks[1].source);
  EXPECT_EQ(mixed.ticks[0].source, mixed.ticks[2].source);
  EXPECT_NE(mixed.ticks[0].source, mixed.ticks[1].source);
  EXPECT_NE(mixed.ticks[0].source, plain.ticks[0].source);
}

TEST_F(SourceSpecs, SkipsRowsOfOtherSymbolsWithoutCountingThem) {
  const auto source = loaded("ts_ms,symbol,price\n0,NI225,nonsense\n1,USDJPY,157\n2,EURUSD\n3, USDJPY ,158\n");
  EXPECT_THAT(ticks(source), ElementsAre("1000000 157", "3000000 158"));
  EXPECT_EQ(source.rows, 2U);
  EXPECT_EQ(source.bad, 0U);
}

TEST_F(SourceSpecs, StandsOneBadRowInAHundredAndNoMore) {
  std::string text = "ts_ms,price\nx,1\n";
  for (int i = 0; i < 99; ++i) text += std::to_string(i) + ",157\n";
  const auto source = loaded(text);
  EXPECT_EQ(source.rows, 100U);
  EXPECT_EQ(source.bad, 1U);
  EXPECT_EQ(source.first_bad.at(0).line, 2U);

  const auto error = error_of(text + "99,nan\n");
  EXPECT_EQ(error.kind, SourceErrorKind::kData);
  EXPECT_THAT(error.message,
              AllOf(HasSubstr("in.csv: 2 of 101 rows are bad"), HasSubstr("line 2: ts_ms \"x\" is not an integer")));

  options_.lenient = true;
  EXPECT_THAT(loaded(text + "99,nan\n").ticks, SizeIs(99));
}

TEST_F(SourceSpecs, KeepsTheFirstTenBadRows) {
  options_.lenient = true;
  std::string text = "ts_ms,price\n";
  for (int i = 0; i < 15; ++i) text += "0,bad\n";
  const auto source = loaded(text);
  EXPECT_EQ(source.bad, 15U);
  EXPECT_THAT(source.first_bad, SizeIs(10));
  EXPECT_EQ(source.first_bad.back().line, 11U);
}

TEST_F(SourceSpecs, TakesAHeaderAloneForNoRowsAndAnEmptyFileForAnError) {
  EXPECT_THAT(loaded("ts_ms,price\n").ticks, IsEmpty());
  EXPECT_THAT(error_of("").message, HasSubstr("has no header"));
  EXPECT_THAT(error_of("\n").message, HasSubstr("has no header"));
}

TEST_F(SourceSpecs, SaysWhatAHeaderLacks) {
  EXPECT_THAT(error_of("time,price\n").message, AllOf(HasSubstr("line 1 \"time,price\""), HasSubstr("ts_ns or ts_ms")));
  EXPECT_THAT(error_of("ts_ms,bid\n").message, HasSubstr("price, or bid and ask, or open"));
  EXPECT_THAT(error_of("1770595200000,157.1\n").message, HasSubstr("ts_ns or ts_ms"));
  const auto daily = error_of("date,open,high,low,close\n2026-02-06,1,1,1,1\n");
  EXPECT_THAT(daily.message, HasSubstr("`yagura import`"));
  EXPECT_EQ(daily.kind, SourceErrorKind::kData);
}

TEST_F(SourceSpecs, SaysWhichFileOrSymbolItCannotUse) {
  const auto unknown = error_of("ts_ms,price\n", "GBPJPY");
  EXPECT_THAT(unknown.message, AllOf(HasSubstr("GBPJPY is no configured instrument"), HasSubstr("NI225, USDJPY")));
  EXPECT_EQ(unknown.kind, SourceErrorKind::kUsage);
  const auto missing = load_source({"USDJPY", folder_ / "missing.csv"}, symbols_, sources_, options_);
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().kind, SourceErrorKind::kUsage);
  EXPECT_THAT(error_of(gzip("ts_ms,price\n0,1\n").substr(0, 20)).message, HasSubstr("gzip data ends early"));
}

TEST_F(SourceSpecs, ReadsGzipWhateverTheName) {
  EXPECT_THAT(ticks(gzip("ts_ms,price\n1,157\n")), ElementsAre("1000000 157"));
}

struct BarSpec : SourceSpecs {};

TEST_F(BarSpec, MakesFourTicksOfABarTheLowFirstWhenItRises) {
  EXPECT_THAT(ticks("ts_ms,open,high,low,close\n0,10,14,8,12\n60000,12,15,9,11\n"),
              ElementsAre("0 10", "15000000000 8", "30000000000 14", "45000000000 12",  //
                          "60000000000 12", "75000000000 15", "90000000000 9", "105000000000 11"));
}

TEST_F(BarSpec, TakesTheLowFirstWhenABarEndsWhereItBegan) {
  EXPECT_THAT(ticks("ts_ms,open,high,low,close\n0,10,14,8,10\n"),
              ElementsAre("0 10", "15000000000 8", "30000000000 14", "45000000000 10"));
}

TEST_F(BarSpec, TakesTheMostFrequentStepForTheLengthOfABar) {
  const auto second_tick = [&](const std::string& times) {
    std::string text = "ts_ms,open,high,low,close\n";
    std::istringstream in{times};
    for (std::string time; in >> time;) text += time + ",1,1,1,1\n";
    return to_ns(loaded(text).ticks.at(1).ts_event) / 1'000'000;
  };
  EXPECT_EQ(second_tick("0"), 15'000);                         // one bar: a minute
  EXPECT_EQ(second_tick("0 0"), 15'000);                       // no positive step: the same
  EXPECT_EQ(second_tick("0 300000 600000 660000"), 75'000);    // five minutes, once one
  EXPECT_EQ(second_tick("0 300000 360000"), 15'000);           // a tie: the shorter
  EXPECT_EQ(second_tick("0 60000 0 60000 0 300000"), 15'000);  // backward steps do not count
}

TEST_F(BarSpec, ReadsBidAndAskBarsQuoteByQuote) {
  const auto source = loaded(
      "ts_ms,bid_open,bid_high,bid_low,bid_close,ask_open,ask_high,ask_low,ask_close\n"
      "0,10,14,8,9,11,15,9,12\n");  // bid falls, ask rises, together they are even: low first
  EXPECT_THAT(ticks(source), ElementsAre("0 10.5", "15000000000 8.5", "30000000000 14.5", "45000000000 10.5"));
  EXPECT_TRUE(source.ticks[1].two_sided());
  EXPECT_EQ(to_string(source.ticks[1].bid), "8");
  EXPECT_EQ(to_string(source.ticks[1].ask), "9");
}

TEST_F(BarSpec, CountsRowsNotTicksAndDropsABarWithABadCell) {
  options_.lenient = true;
  const auto source = loaded("ts_ms,open,high,low,close,volume\n0,1,2,,1,7\n60000,1,2,1,1,\n");
  EXPECT_EQ(source.rows, 2U);
  EXPECT_EQ(source.bad, 1U);
  EXPECT_EQ(source.first_bad.at(0).reason, "low is empty");
  EXPECT_THAT(source.ticks, SizeIs(4));
}

TEST(ParseSourceSpec, TellsTickFilesFromCaptures) {
  const auto csv = parse_source("USDJPY=data/a=b.csv");
  ASSERT_TRUE(csv.has_value());
  EXPECT_EQ(csv->symbol, "USDJPY");
  EXPECT_EQ(csv->file, "data/a=b.csv");
  const auto capture = parse_source("runs/today.ycap.gz");
  ASSERT_TRUE(capture.has_value());
  EXPECT_TRUE(capture->is_capture());
}

TEST(ParseSourceSpec, RefusesWhatIsNeitherAndSaysWhatWouldBeRight) {
  for (const auto* argument : {"", "ticks.csv", "=ticks.csv", "USDJPY=", "a/b=c.csv"}) {
    const auto spec = parse_source(argument);
    ASSERT_FALSE(spec.has_value()) << argument;
    EXPECT_THAT(spec.error().message, HasSubstr("SYMBOL=FILE.csv"));
    EXPECT_EQ(spec.error().kind, SourceErrorKind::kUsage);
  }
  EXPECT_FALSE(parse_source("USDJPY=today.ycap").has_value());
}

// A file of one symbol with a tick at each time.
LoadedSource at(std::string file, const std::vector<std::int64_t>& times) {
  LoadedSource source;
  source.spec = {"USDJPY", std::move(file)};
  for (const auto time : times) {
    Tick tick{};
    tick.ts_event = timestamp_from_ns(time);
    tick.seq = source.spec.file == "a" ? 1 : 2;
    source.ticks.push_back(tick);
  }
  return source;
}

TEST(MergedTicksSpec, TakesTheEarliestOfTheNextRowsAndTiesInArgumentOrder) {
  MergedTicks merged{{at("a", {10, 30, 20, 40}), at("b", {10, 25, 40})}};
  EXPECT_EQ(merged.total(), 7U);
  std::vector<std::string> order;
  while (const auto* tick = merged.next())
    order.push_back(std::to_string(to_ns(tick->ts_event)) + (tick->seq == 1 ? "a" : "b"));
  EXPECT_THAT(order, ElementsAre("10a", "10b", "25b", "30a", "20a", "40a", "40b"));  // no file is sorted
  EXPECT_EQ(merged.next(), nullptr);
}

TEST(MergedTicksSpec, GivesTheSameOrderInRunsOfAnyLength) {
  std::mt19937 random{5};
  for (int round = 0; round < 200; ++round) {
    std::vector<LoadedSource> sources;
    for (auto left = random() % 4; left > 0; --left) {
      std::vector<std::int64_t> times(random() % 12);
      for (auto& time : times) time = static_cast<std::int64_t>(random() % 10);  // in no order, with many ties
      sources.push_back(at(std::string(1, static_cast<char>('a' + sources.size())), times));
      for (auto& tick : sources.back().ticks) tick.seq = sources.size();
    }
    std::vector<Tick> expected;
    MergedTicks one_by_one{sources};
    while (const auto* tick = one_by_one.next()) expected.push_back(*tick);
    MergedTicks merged{sources};
    const std::size_t most = 1 + random() % 5;
    std::size_t done = 0;
    for (auto run = merged.next_run(most); !run.empty(); run = merged.next_run(most)) {
      ASSERT_LE(run.size(), most);
      for (const auto& tick : run) {
        ASSERT_LT(done, expected.size());
        EXPECT_EQ(tick.seq, expected[done].seq);
        EXPECT_EQ(tick.ts_event, expected[done++].ts_event);
      }
    }
    EXPECT_EQ(done, expected.size());
  }
}

}  // namespace
}  // namespace yagura::feeds
