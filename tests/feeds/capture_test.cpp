// Captures: written, read back, torn, damaged, and taken as ticks.
#include "feeds/capture.hpp"

#include <gmock/gmock.h>

#include "feeds/source.hpp"
#include "tests/feeds/temp_folder.hpp"

namespace yagura::feeds {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr auto kHead = "{\"ycap\":1}\n";

class CaptureSpec : public ::testing::Test {
 protected:
  CaptureSpec() {
    symbols_.add("NI225");
    symbols_.add("USDJPY");
  }
  struct Frames {
    std::vector<std::string> records;  // "in feed/vendor payload", B for binary
    std::string note, error;
  };
  static Frames read(const std::string& file) {
    Frames out;
    auto reader = CaptureReader::open(file);
    if (!reader) return {{}, {}, reader.error().message};
    CaptureRecord record;
    for (auto got = (*reader)->next(record); got != CaptureRead::kEnd; got = (*reader)->next(record)) {
      if (got == CaptureRead::kBad) {
        out.records.push_back("bad " + std::to_string((*reader)->line_number()) + ": " + (*reader)->problem());
        continue;
      }
      out.records.push_back(std::string{record.dir == FrameDir::kIn ? "in " : "out "}
                                .append(record.feed)
                                .append("/")
                                .append(record.vendor) +
                            (record.frame.binary ? " B " : " ") + std::string{record.frame.payload});
    }
    out.note = (*reader)->note();
    out.error = (*reader)->error() ? (*reader)->error()->message : "";
    return out;
  }
  // One incoming gmo or native frame as a line of a capture.
  static std::string line(int second, const std::string& vendor, const std::string& frame) {
    return "{\"ts_ns\":" + std::to_string(second * 1'000'000'000LL) + ",\"feed\":\"f\",\"vendor\":\"" + vendor +
           "\",\"dir\":\"in\",\"frame\":" + frame + "}\n";
  }
  Result<LoadedSource, SourceError> load(const std::string& text) {
    return load_source({"", folder_.write("in.ycap", text)}, symbols_, sources_, options_);
  }
  LoadedSource loaded(const std::string& text) {
    auto result = load(text);
    EXPECT_TRUE(result.has_value()) << (result ? "" : result.error().message);
    return result ? *std::move(result) : LoadedSource{};
  }
  std::vector<std::string> ticks(const LoadedSource& source) {
    std::vector<std::string> out;
    for (const auto& tick : source.ticks) {
      out.push_back(symbols_.name(tick.symbol) + " " + std::to_string(to_ns(tick.ts_event)) + " " +
                    to_string(tick.price));
    }
    return out;
  }

  TempFolder folder_;
  SymbolTable symbols_;
  SourceNames sources_;
  SourceOptions options_;
};

TEST_F(CaptureSpec, ReadsBackEveryFrameByteForByte) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  const Frame frames[] = {{R"({"a":"b\\"})"}, {"日経\n\t\x01"}, {""}, {bytes, true}, {"", true}, {bytes}, {"b64:AAAA"}};
  CaptureHeader header{timestamp_from_ns(77), {{"f", {"gmo", {{"USDJPY", "USD_JPY"}}}}}};
  for (const auto* name : {"out.ycap", "out.ycap.gz"}) {
    auto writer = CaptureWriter::create(folder_ / name, header);
    ASSERT_TRUE(writer.has_value());
    for (const auto& frame : frames)
      EXPECT_TRUE((*writer)->write({timestamp_from_ns(5), "f", "gmo", FrameDir::kIn, frame}));
    EXPECT_TRUE((*writer)->close());

    auto reader = CaptureReader::open(folder_ / name);
    ASSERT_TRUE(reader.has_value());
    EXPECT_EQ((*reader)->header().created, timestamp_from_ns(77));
    EXPECT_EQ((*reader)->header().feeds.at("f").symbols.at("USDJPY"), "USD_JPY");
    CaptureRecord record;
    for (const auto& frame : frames) {
      ASSERT_EQ((*reader)->next(record), CaptureRead::kRecord);
      EXPECT_EQ(record.frame.payload, frame.payload);
      EXPECT_EQ(record.frame.binary, frame.binary);
      EXPECT_EQ(to_ns(record.ts), 5);
    }
    EXPECT_EQ((*reader)->next(record), CaptureRead::kEnd);
    EXPECT_EQ((*reader)->note(), "");
  }
  EXPECT_TRUE(read_all(folder_ / "out.ycap.gz").starts_with("\x1f\x8b"));
  EXPECT_THAT(read_all(folder_ / "out.ycap"),
              HasSubstr(R"({"ts_ns":5,"feed":"f","vendor":"gmo","dir":"in","frame":"{\"a\":\"b\\\\\"}"})"));
}

TEST_F(CaptureSpec, KeepsTheSteadyClockWhereTheRecorderHadOne) {
  const auto file = folder_ / "clocks.ycap";
  auto writer = CaptureWriter::create(file, {});
  (*writer)->write({timestamp_from_ns(5), "f", "gmo", FrameDir::kIn, {"a"}, MonoTime{Duration{7}}});
  (*writer)->write({timestamp_from_ns(6), "f", "gmo", FrameDir::kIn, {"b"}});
  ASSERT_TRUE((*writer)->close());
  EXPECT_THAT(read_all(file), HasSubstr(R"({"ts_ns":5,"mono_ns":7,"feed":"f",)"));
  auto reader = CaptureReader::open(file);
  CaptureRecord record;
  ASSERT_EQ((*reader)->next(record), CaptureRead::kRecord);
  EXPECT_EQ(record.mono, MonoTime{Duration{7}});
  ASSERT_EQ((*reader)->next(record), CaptureRead::kRecord);
  EXPECT_EQ(record.mono, std::nullopt);
  EXPECT_THAT(read(folder_.write("bad.ycap", std::string{kHead} + R"({"ts_ns":1,"mono_ns":"x",)" +
                                                 R"("feed":"f","vendor":"gmo","dir":"in","frame":""})" + "\n"))
                  .records,
              ElementsAre("bad 2: \"mono_ns\" is no integer"));
}

TEST_F(CaptureSpec, IsWholeUpToTheLastFlushWhenTheRecorderDies) {
  for (const auto* name : {"killed.ycap", "killed.ycap.gz"}) {
    auto writer = CaptureWriter::create(folder_ / name, {});
    (*writer)->write({timestamp_from_ns(1), "f", "gmo", FrameDir::kOut, {"one"}});
    (*writer)->flush();
    const auto seen = read(folder_.write("copy", read_all(folder_ / name)));
    EXPECT_THAT(seen.records, ElementsAre("out f/gmo one"));
    EXPECT_EQ(seen.error, "");
  }
}

TEST_F(CaptureSpec, DropsATornLastLineAndSaysSo) {
  const auto text = kHead + line(1, "gmo", "\"a\"") + line(2, "gmo", "\"b\"");
  for (std::size_t cut = 2; cut < 20; ++cut) {
    const auto seen = read(folder_.write("torn.ycap", text.substr(0, text.size() - cut)));
    EXPECT_THAT(seen.records, ElementsAre("in f/gmo a"));
    EXPECT_THAT(seen.note, HasSubstr("line 3, the last, is torn"));
    EXPECT_EQ(seen.error, "");
  }
  // Only its line end is missing: nothing is lost.
  EXPECT_EQ(read(folder_.write("whole.ycap", text.substr(0, text.size() - 1))).records.size(), 2U);
}

TEST_F(CaptureSpec, KeepsWhatPrecedesTheTornEndOfAGzipFile) {
  std::string text = kHead;
  for (int i = 0; i < 2'000; ++i) text += line(i, "gmo", "\"" + std::to_string(i * 7919) + "\"");
  const auto bytes = gzip(text);
  const auto seen = read(folder_.write("torn.ycap.gz", bytes.substr(0, bytes.size() / 2)));
  EXPECT_GT(seen.records.size(), 500U);
  EXPECT_EQ(seen.records[7], "in f/gmo 55433");
  EXPECT_THAT(seen.note, HasSubstr("gzip data ends early"));
  EXPECT_EQ(seen.error, "");
}

TEST_F(CaptureSpec, ReportsDamagedLinesAndGoesOn) {
  const auto seen = read(folder_.write(
      "bad.ycap", kHead + line(1, "gmo", "\"a\"") + "rubbish\n" +
                      R"({"ts_ns":"soon","feed":"f","vendor":"gmo","dir":"in","frame":""})" + "\n" +
                      R"({"ts_ns":1,"feed":"f","vendor":"gmo","dir":"up","frame":""})" + "\n" +
                      line(2, "gmo", "\"b64:!\"") + line(3, "gmo", "7") + "\n" + line(4, "gmo", "\"z\"")));
  EXPECT_THAT(seen.records, ElementsAre("in f/gmo a", HasSubstr("bad 3"), HasSubstr("bad 4: \"ts_ns\""),
                                        HasSubstr("bad 5: \"dir\""), HasSubstr("bad 6: \"frame\" is not base64"),
                                        HasSubstr("bad 7: \"frame\" is missing or no string"), "in f/gmo z"));
}

TEST_F(CaptureSpec, RefusesFilesThatDoNotBeginAsACapture) {
  for (const auto* text : {"", "\n", "ts_ms,price\n", "{}\n", "{\"ycap\":\"1\"}\n", "{\"ycap\":1"}) {
    EXPECT_THAT(read(folder_.write("no.ycap", text)).error, HasSubstr("is no capture: line 1 should be")) << text;
  }
  EXPECT_THAT(read(folder_.write("no.ycap", "{\"ycap\":2}\n")).error, HasSubstr("version 2, newer than this program"));
  EXPECT_THAT(read(folder_ / "missing.ycap").error, HasSubstr("no such file"));
}

TEST_F(CaptureSpec, MakesTicksOfIncomingFramesThroughTheVendorsCodec) {
  const auto source = loaded(
      kHead +
      line(
          1, "gmo",
          R"("{\"symbol\":\"USD_JPY\",\"bid\":\"157.0\",\"ask\":\"157.002\",\"timestamp\":\"1970-01-01T00:00:09.5Z\"}")") +
      line(2, "native", R"("{\"type\":\"tick\",\"symbol\":\"NI225\",\"price\":57000}")") +
      R"({"ts_ns":3,"feed":"f","vendor":"native","dir":"out","frame":"{\"type\":\"tick\",\"symbol\":\"NI225\",\"price\":1}"})" +
      "\n" + line(4, "native", R"("{\"type\":\"tick\",\"symbol\":\"DAX\",\"price\":1}")"));
  EXPECT_THAT(ticks(source), ElementsAre("USDJPY 9500000000 157.001", "NI225 2000000000 57000"));
  EXPECT_EQ(source.ticks[0].ts_recv, source.ticks[0].ts_event);
  EXPECT_NE(source.ticks[0].source, source.ticks[1].source);
  EXPECT_EQ(source.rows, 3U);
  EXPECT_EQ(source.bad, 0U);
  EXPECT_EQ(source.note, "");
}

TEST_F(CaptureSpec, MapsSymbolsBySettingsThenHeaderThenTheVendorsRule) {
  const auto frame = [](const char* symbol) {
    return line(1, "native", std::string{R"("{\"type\":\"tick\",\"price\":1,\"symbol\":\")"} + symbol + "\\\"}\"");
  };
  const auto head =
      std::string{R"({"ycap":1,"feeds":{"f":{"vendor":"native","symbols":{"USDJPY":"yen","NI225":"nk"}}}})"} + "\n";
  options_.capture_symbols["f"]["yen"] = "NI225";
  EXPECT_THAT(ticks(loaded(head + frame("yen") + frame("nk") + frame("USDJPY") + frame("other"))),
              ElementsAre("NI225 1000000000 1", "NI225 1000000000 1", "USDJPY 1000000000 1"));
}

TEST_F(CaptureSpec, CountsANewSubscriptionAsANewSource) {
  const auto tick = line(1, "native", R"("{\"type\":\"tick\",\"symbol\":\"NI225\",\"price\":1,\"seq\":1}")");
  const auto ack = line(2, "native", R"("{\"type\":\"subscribed\",\"symbols\":[\"NI225\"]}")");
  const auto source = loaded(kHead + ack + tick + tick + ack + tick);
  ASSERT_EQ(source.ticks.size(), 3U);
  EXPECT_EQ(source.ticks[0].source, source.ticks[1].source);
  EXPECT_NE(source.ticks[1].source, source.ticks[2].source);
}

TEST_F(CaptureSpec, CountsDamagedLinesAsBadRowsAndNotesVendorErrorsAndLoneSides) {
  options_.lenient = true;
  const auto source = loaded(kHead + line(1, "gmo", R"("{\"error\":\"ERR-5003\"}")") +
                             line(2, "gmo", R"("{\"symbol\":\"USD_JPY\",\"bid\":\"157\"}")") + "rubbish\n");
  EXPECT_THAT(source.ticks, IsEmpty());
  EXPECT_EQ(source.rows, 3U);
  EXPECT_EQ(source.bad, 1U);
  EXPECT_EQ(source.first_bad.at(0).line, 4U);
  EXPECT_EQ(source.note,
            "1 frames with an error, the first in line 2: vendor error: ERR-5003; 1 quotes with one side only");
  EXPECT_THAT(loaded(kHead + line(1, "gmo", "\"{}\"") + "{\"ts_").note, HasSubstr("torn"));
}

TEST_F(CaptureSpec, RefusesAnUnknownVendor) {
  const auto result = load(kHead + line(1, "reuters", "\"\""));
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().kind, SourceErrorKind::kData);
  EXPECT_THAT(result.error().message, HasSubstr("line 2: vendor \"reuters\" is unknown (known: native, gmo"));
}

TEST_F(CaptureSpec, SaysWhenItCannotBeWritten) {
  EXPECT_FALSE(CaptureWriter::create(folder_ / "no/such/folder.ycap", {}).has_value());
  auto full = CaptureWriter::create("/dev/full", {});
  if (full.has_value()) {
    for (int i = 0; i < 100'000 && (*full)->write({{}, "f", "gmo", FrameDir::kIn, {"0123456789"}}); ++i) {
    }
    EXPECT_FALSE((*full)->flush());
  } else {
    EXPECT_THAT(full.error().message, HasSubstr("/dev/full: cannot be written: No space left"));
  }
}

}  // namespace
}  // namespace yagura::feeds
