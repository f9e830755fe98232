// `levels_file`: a trader's own prices, one a line.
#include "config_fixture.hpp"

namespace yagura::config {
namespace {

using processing::LevelOptions;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class LevelsFileSpec : public testing::Test {
 protected:
  LoadResult load(std::string_view content, std::string_view more = "") {
    folder.write("levels.csv", content);
    return load_rule("levels_file = \"levels.csv\"\n" + std::string{more});
  }
  LoadResult load_rule(const std::string& keys) {
    return load_file(
        folder.write("desk.toml", "[[rule]]\nid = \"desk\"\nkind = \"level\"\ninstrument = \"USDJPY\"\n" + keys));
  }
  static std::vector<processing::LevelEntry> levels(const LoadResult& loaded) {
    EXPECT_TRUE(loaded.ok()) << joined(loaded.problems);
    if (loaded.settings.monitor.rules.empty()) return {};
    const auto& list = std::get<LevelOptions>(loaded.settings.monitor.rules[0].kind).levels;
    std::vector<processing::LevelEntry> entries;
    for (const auto& level : list) entries.push_back({level.price, std::string{list.note_of(level)}, level.once});
    return entries;
  }
  static std::vector<std::string> prices(const LoadResult& loaded) {
    std::vector<std::string> texts;
    for (const auto& level : levels(loaded)) texts.push_back(to_string(level.price));
    return texts;
  }
  TempFolder folder;
};

TEST_F(LevelsFileSpec, HoldsAPriceALine) {
  EXPECT_THAT(prices(load("160\n152.5\n151.0001\n")), ElementsAre("160", "152.5", "151.0001"));
}

TEST_F(LevelsFileSpec, MayEndWithoutALineEnd) { EXPECT_THAT(prices(load("160\n152")), ElementsAre("160", "152")); }

TEST_F(LevelsFileSpec, MayHaveAHeader) { EXPECT_THAT(prices(load("price,note\n160,zone\n")), ElementsAre("160")); }

TEST_F(LevelsFileSpec, SkipsCommentsAndEmptyLines) {
  EXPECT_THAT(prices(load("# my levels\n\n  \n160\n  # below\n152\n")), ElementsAre("160", "152"));
}

TEST_F(LevelsFileSpec, MayComeFromWindows) {
  EXPECT_THAT(prices(load("\xEF\xBB\xBF"
                          "160,zone\r\n152\r\n")),
              ElementsAre("160", "152"));
}

TEST_F(LevelsFileSpec, KeepsTheNoteAsItIs) {
  const auto entries = levels(load("160,intervention zone, said the ministry\n152,\n151\n"));
  ASSERT_THAT(entries, SizeIs(3));
  EXPECT_EQ(entries[0].note, "intervention zone, said the ministry");
  EXPECT_EQ(entries[1].note, "");
  EXPECT_EQ(entries[2].note, "");
}

TEST_F(LevelsFileSpec, ANoteFromWindowsHasNoCarriageReturn) {
  EXPECT_EQ(levels(load("160,zone\r\n")).at(0).note, "zone");
}

TEST_F(LevelsFileSpec, AddsToTheLevelsOfTheRule) {
  EXPECT_THAT(prices(load("160\n", "levels = [155]\n")), ElementsAre("155", "160"));
}

TEST_F(LevelsFileSpec, MayBeEmpty) { EXPECT_THAT(prices(load("# none today\n")), IsEmpty()); }

TEST_F(LevelsFileSpec, BadRowsAreNamedWithFileLineAndValue) {
  const auto problems = load("160\n16o\n-5\n0\n152\n").problems;
  ASSERT_THAT(problems, SizeIs(3)) << joined(problems);
  EXPECT_THAT(problems[0], AllOf(HasSubstr("levels_file"), HasSubstr("levels.csv:2: "), HasSubstr("'16o'"),
                                 HasSubstr("price above zero")));
  EXPECT_THAT(problems[1], AllOf(HasSubstr("levels.csv:3: "), HasSubstr("'-5'")));
  EXPECT_THAT(problems[2], HasSubstr("levels.csv:4: "));
}

TEST_F(LevelsFileSpec, ANumberThatIsWrongInTheFirstLineIsNoHeader) {
  EXPECT_THAT(load("-160\n152\n").problems, SizeIs(1));
  EXPECT_THAT(load("0\n152\n").problems, SizeIs(1));
}

TEST_F(LevelsFileSpec, AFileOfRubbishGivesAFewProblemsNotAMillion) {
  std::string rubbish = "price\n";
  for (int i = 0; i < 1000; ++i) rubbish += "rubbish\n";
  const auto problems = load(rubbish).problems;
  EXPECT_FALSE(problems.empty());
  EXPECT_LE(problems.size(), 10U);
}

TEST_F(LevelsFileSpec, BytesThatAreNoTextDoNotReachTheMessage) {
  const auto problems = load("160\n\x1b[2J\x07\xff\n").problems;
  ASSERT_THAT(problems, SizeIs(1));
  EXPECT_EQ(problems[0].find('\x1b'), std::string::npos);
}

TEST_F(LevelsFileSpec, AMissingFileIsNamed) {
  const auto problems = load_rule("levels_file = \"absent.csv\"\n").problems;
  ASSERT_THAT(problems, SizeIs(1));
  EXPECT_THAT(problems[0],
              AllOf(HasSubstr("desk.toml:5: "), HasSubstr("levels_file"), HasSubstr(folder / "absent.csv")));
}

TEST_F(LevelsFileSpec, ANameThatIsTooLongIsAProblemLikeAnyOther) {
  const auto problems = load_rule("levels_file = \"" + std::string(300, 'a') + "\"\n").problems;
  ASSERT_THAT(problems, SizeIs(1));
  EXPECT_THAT(problems[0], HasSubstr("levels_file"));
}

TEST_F(LevelsFileSpec, ADirectoryIsNoFile) {
  const auto problems = load_rule("levels_file = \".\"\n").problems;
  ASSERT_THAT(problems, SizeIs(1));
  EXPECT_THAT(problems[0], AllOf(HasSubstr("levels_file"), HasSubstr("is a directory")));
}

TEST_F(LevelsFileSpec, AnAbsolutePathIsTakenAsItIs) {
  const TempFolder elsewhere;
  EXPECT_THAT(prices(load_rule("levels_file = \"" + elsewhere.write("mine.csv", "160\n") + "\"\n")),
              ElementsAre("160"));
}

TEST_F(LevelsFileSpec, HoldsAHundredThousandRows) {
  std::string rows = "price\n";
  for (int i = 0; i < 100'000; ++i)
    rows += std::to_string(100 + i / 1000) + "." + std::to_string(1000 + i % 1000) + "\n";
  EXPECT_THAT(prices(load(rows)), SizeIs(100'000));
}

}  // namespace
}  // namespace yagura::config
