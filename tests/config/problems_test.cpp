// Everything wrong with a file is said at once: where, which key, what was there, what is right.
#include "config_fixture.hpp"

namespace yagura::config {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

// The only problem of a file.
std::string problem_of(std::string_view toml) {
  const auto problems = problems_of(toml);
  EXPECT_THAT(problems, SizeIs(1)) << joined(problems) << "in\n" << toml;
  return problems.empty() ? std::string{} : problems[0];
}

std::string rule(std::string_view keys) {
  return "[[rule]]\nid = \"r\"\nkind = \"milestone\"\ninstrument = \"NI225\"\nstep = 1000\n" + std::string{keys};
}
std::string feed(std::string_view keys) {
  return "[[feed]]\nname = \"f\"\nvendor = \"native\"\nurl = \"ws://127.0.0.1:1\"\nsymbols = { NI225 = \"N\" }\n" +
         std::string{keys};
}

TEST(ProblemsSpec, FiveMistakesAreReportedTogetherWithLineKeyAndRemedy) {
  const auto problems = problems_of(R"([instrument.NI225]
tikc = "0.01"

[[feed]]
name = "desk"
vendor = "reuters"
symbols = { NI225 = "^N225" }

[[rule]]
id = "milestones"
kind = "milestone"
instrument = "NI225"
step = "-1000"

[pipeline]
workers = 100

[console]
enabled = "yes"
)");
  ASSERT_THAT(problems, SizeIs(5)) << joined(problems);
  EXPECT_THAT(problems,
              Contains(AllOf(StartsWith("desk.toml:2: "), HasSubstr("instrument.NI225.tikc"), HasSubstr("'tick'"))));
  EXPECT_THAT(problems, Contains(AllOf(StartsWith("desk.toml:6: "), HasSubstr("feed 'desk'.vendor"),
                                       HasSubstr("'reuters'"), HasSubstr("\"gmo\""))));
  EXPECT_THAT(problems, Contains(AllOf(StartsWith("desk.toml:13: "), HasSubstr("rule 'milestones'.step"),
                                       HasSubstr("-1000"), HasSubstr("above zero"))));
  EXPECT_THAT(problems,
              Contains(AllOf(StartsWith("desk.toml:16: "), HasSubstr("pipeline.workers"), HasSubstr("0 to 64"))));
  EXPECT_THAT(problems,
              Contains(AllOf(StartsWith("desk.toml:19: "), HasSubstr("console.enabled"), HasSubstr("true or false"))));
}

TEST(ProblemsSpec, EachProblemIsOneLine) {
  for (const auto& problem : problems_of(rule("rearm = \"a\\nb\"\nnear = \"\\u001b[2J\"\n"))) {
    EXPECT_THAT(problem, AllOf(Not(HasSubstr("\n")), Not(HasSubstr("\x1b"))));
  }
}

TEST(ProblemsSpec, TheWrongValueIsShown) {
  EXPECT_THAT(problem_of("[pipeline]\nworkers = 100"), HasSubstr("100"));
  EXPECT_THAT(problem_of("[pipeline]\non_full = \"drop\""), HasSubstr("drop"));
  EXPECT_THAT(problem_of("[journal]\nsnapshot_every = \"fast\""), HasSubstr("fast"));
  EXPECT_THAT(problem_of("[journal]\nring = 5000"), HasSubstr("a power of two from 1024 to 1048576, not 5000"));
  EXPECT_THAT(problem_of(rule("cooldown = \"10 min\"")), HasSubstr("10 min"));
  EXPECT_THAT(problem_of(rule("rearm_pct = 100")), HasSubstr("100"));
}

TEST(ProblemsSpec, WithoutAThreadOfTheFeedsThereIsNoneToPin) {
  EXPECT_THAT(problem_of("[pipeline]\nworkers = 0\ncpus = { feeds = 0 }"),
              AllOf(HasSubstr("pipeline.cpus.feeds"), HasSubstr("workers = 0")));
  EXPECT_THAT(problem_of("[pipeline]\ncpus = { detectors = 0 }"), HasSubstr("pipeline.cpus.detectors"));
}

TEST(ProblemsSpec, AnUnknownTableGetsASuggestion) {
  EXPECT_THAT(problem_of("[pipline]"),
              AllOf(StartsWith("desk.toml:1: pipline: "), HasSubstr("did you mean 'pipeline'?")));
  EXPECT_THAT(problem_of("[[rules]]\nid = \"x\""), HasSubstr("did you mean 'rule'?"));
  EXPECT_THAT(problem_of("[weather]"), AllOf(HasSubstr("no such table"), Not(HasSubstr("did you mean"))));
}

TEST(ProblemsSpec, AnUnknownKeyGetsASuggestionFromItsOwnTable) {
  EXPECT_THAT(problem_of("[pipeline]\nqueue_capasity = 100"), HasSubstr("did you mean 'queue_capacity'?"));
  EXPECT_THAT(problem_of("[console]\nlisten_on = \"x\""), HasSubstr("did you mean 'listen'?"));
  EXPECT_THAT(problem_of(rule("cool_down = \"10m\"")), HasSubstr("did you mean 'cooldown'?"));
  EXPECT_THAT(problem_of(rule("xyzzy = 1")),
              AllOf(HasSubstr("rule 'r'.xyzzy"), HasSubstr("no such key"), Not(HasSubstr("did you mean"))));
  EXPECT_THAT(problem_of(feed("prioritiy = 1")), HasSubstr("did you mean 'priority'?"));
}

TEST(ProblemsSpec, AKeyOfAnotherKindOfRuleIsUnknown) {
  EXPECT_THAT(problem_of(rule("min_gap = \"60s\"")), HasSubstr("min_gap: no such key"));
  EXPECT_THAT(problem_of(rule("windows = []")), HasSubstr("windows: no such key"));
}

TEST(ProblemsSpec, WrongTypesSayWhichIsRight) {
  EXPECT_THAT(problem_of("[instrument.X]\nname = 5"), HasSubstr("string in quotes"));
  EXPECT_THAT(problem_of("[instrument.X]\nfilter = 1"), HasSubstr("true or false"));
  EXPECT_THAT(problem_of("[instrument.X]\ntick = true"), HasSubstr("price above zero"));
  EXPECT_THAT(problem_of("[instrument.X]\ncalendar = 1"), HasSubstr("\"tse\", \"ose\", \"fx\", \"always\""));
  EXPECT_THAT(problem_of("[instrument.X]\ngap_after = 30"), HasSubstr("duration with a unit"));
  EXPECT_THAT(problem_of("[pipeline]\nworkers = \"1\""), HasSubstr("integer from 0 to 64"));
  EXPECT_THAT(problem_of("[pipeline]\nworkers = 1.5"), HasSubstr("integer from 0 to 64"));
  EXPECT_THAT(problem_of("[console]\nhosts = \"desk\""), HasSubstr("array"));
  EXPECT_THAT(problem_of("[console]\nhosts = [1]"), HasSubstr("strings only"));
  EXPECT_THAT(problem_of("pipeline = 5"), HasSubstr("[pipeline]"));
  EXPECT_THAT(problem_of("rule = 5"), HasSubstr("[[rule]]"));
  EXPECT_THAT(problem_of("[rule]\nid = \"x\""), HasSubstr("[[rule]]"));
  EXPECT_THAT(problem_of("instrument = 5"), HasSubstr("[instrument.NI225]"));
  EXPECT_THAT(problem_of("instrument.X = 5"), HasSubstr("[instrument.X]"));
  EXPECT_THAT(problem_of("[[feed]]\nname = \"f\"\nvendor = \"gmo\"\nsymbols = \"USDJPY\""), HasSubstr("symbols"));
}

TEST(ProblemsSpec, PricesAreAboveZeroAndDistancesNotBelow) {
  EXPECT_THAT(problem_of("[instrument.X]\ntick = 0"), HasSubstr("above zero"));
  EXPECT_THAT(problem_of("[instrument.X]\ntick = \"nan\""), HasSubstr("above zero"));
  EXPECT_THAT(problem_of("[instrument.X]\ntick = inf"), HasSubstr("above zero"));
  EXPECT_THAT(problem_of("[instrument.X]\npip = \"1,000\""), HasSubstr("above zero"));
  EXPECT_THAT(problem_of("[instrument.X]\npip = 1e10"), HasSubstr("pip"));
  EXPECT_THAT(problem_of(rule("rearm = -1")), HasSubstr("not negative"));
  EXPECT_THAT(problem_of(rule("rearm_pct = -1")), HasSubstr("percentage"));
}

TEST(ProblemsSpec, ADistanceIsInPointsOrPercentNotBoth) {
  EXPECT_THAT(problem_of(rule("rearm = 1\nrearm_pct = 1")), AllOf(HasSubstr("rearm_pct"), HasSubstr("one of them")));
}

TEST(ProblemsSpec, RequiredKeysAreMissed) {
  EXPECT_THAT(problems_of("[[rule]]\nkind = \"milestone\""),
              ElementsAre(HasSubstr(".id"), HasSubstr(".instrument"), HasSubstr(".step")));
  EXPECT_THAT(problem_of("[[rule]]\nid = \"r\""), AllOf(HasSubstr("rule 'r'.kind"), HasSubstr("\"milestone\"")));
  EXPECT_THAT(problem_of("[[rule]]\nid = \"r\"\nkind = \"move\"\ninstrument = \"NI225\""), HasSubstr("windows"));
  EXPECT_THAT(problem_of("[[rule]]\nid = \"r\"\nkind = \"level\"\ninstrument = \"NI225\""),
              AllOf(HasSubstr("'levels'"), HasSubstr("'levels_file'")));
  EXPECT_THAT(problems_of("[[feed]]"),
              AllOf(Contains(HasSubstr(".name")), Contains(HasSubstr(".vendor")), Contains(HasSubstr(".symbols"))));
  EXPECT_THAT(problems_of("[[sink]]"), AllOf(Contains(HasSubstr(".name")), Contains(HasSubstr(".kind"))));
  EXPECT_THAT(problem_of("[[sink]]\nname = \"s\"\nkind = \"file\""), HasSubstr("sink 's'.path"));
  EXPECT_THAT(problem_of("[[feed]]\nname = \"f\"\nvendor = \"native\"\nsymbols = { NI225 = \"N\" }"),
              AllOf(HasSubstr(".url"), HasSubstr("'native'")));
}

TEST(ProblemsSpec, NamesAreUnique) {
  EXPECT_THAT(problem_of(rule("") + rule("")), AllOf(HasSubstr("'r'"), HasSubstr("two rules")));
  EXPECT_THAT(problem_of(feed("") + feed("")), AllOf(HasSubstr("'f'"), HasSubstr("two feeds")));
  const std::string sink = "[[sink]]\nname = \"s\"\nkind = \"file\"\npath = \"a\"\n";
  EXPECT_THAT(problem_of(sink + sink), AllOf(HasSubstr("'s'"), HasSubstr("two sinks")));
}

TEST(ProblemsSpec, ADuplicateIdIsFoundEvenWhenTheFirstRuleIsWrong) {
  const auto problems = problems_of(rule("rearm = -1\n") + rule(""));
  EXPECT_THAT(problems, SizeIs(2)) << joined(problems);
}

TEST(ProblemsSpec, IdsAreLowerCaseLettersDigitsAndDashes) {
  for (const auto* id : {"Nikkei", "a b", "a_b", "日経", ""}) {
    const auto text =
        "[[rule]]\nid = \"" + std::string{id} + "\"\nkind = \"milestone\"\ninstrument = \"NI225\"\nstep = 1\n";
    EXPECT_THAT(problem_of(text), HasSubstr("a-z")) << id;
  }
}

TEST(ProblemsSpec, ARuleNeedsAKnownInstrument) {
  EXPECT_THAT(problem_of("[[rule]]\nid = \"r\"\nkind = \"milestone\"\ninstrument = \"DAX\"\nstep = 1"),
              AllOf(HasSubstr("'DAX'"), HasSubstr("[instrument.DAX]")));
  EXPECT_THAT(problem_of("[[feed]]\nname = \"f\"\nvendor = \"gmo\"\nsymbols = { DAX = \"DAX\" }"),
              AllOf(HasSubstr("'DAX'"), HasSubstr("[instrument.DAX]")));
}

TEST(ProblemsSpec, ASymbolIsShortAndPlain) {
  EXPECT_THAT(problem_of("[instrument.\"a b\"]"), HasSubstr("up to 32"));
  EXPECT_THAT(problem_of("[instrument." + std::string(33, 'X') + "]"), HasSubstr("up to 32"));
  EXPECT_THAT(problems_of("[instrument." + std::string(32, 'X') + "]"), IsEmpty());
}

TEST(ProblemsSpec, AddressesAreChecked) {
  EXPECT_THAT(
      problem_of("[[feed]]\nname = \"f\"\nvendor = \"native\"\nurl = \"http://x\"\nsymbols = { NI225 = \"N\" }"),
      AllOf(HasSubstr(".url"), HasSubstr("ws://")));
  EXPECT_THAT(problem_of(feed("login_url = \"ws://x\"")), AllOf(HasSubstr(".login_url"), HasSubstr("https://")));
  EXPECT_THAT(problem_of(feed("login_url = \"https://x/api/session\"")), HasSubstr("must end with the host or port"));
  EXPECT_THAT(problem_of(feed("login_url = \"https://x y\"")), HasSubstr(".login_url"));
  EXPECT_THAT(problems_of(feed("login_url = \"https://x:8443/\"")), IsEmpty());
  EXPECT_THAT(problem_of("[console]\nlisten = \"nonsense\""),
              AllOf(HasSubstr("console.listen"), HasSubstr("nonsense")));
  EXPECT_THAT(problem_of("[console]\nlisten = \"127.0.0.1:99999\""),
              AllOf(HasSubstr("console.listen"), HasSubstr("99999")));
}

TEST(ProblemsSpec, ASecretIsNamedByTheFileAndMustBeThere) {
  EXPECT_THAT(problem_of("[console]\ntoken_env = \"YAGURA_NO_SUCH_VARIABLE\""),
              AllOf(HasSubstr("token_env"), HasSubstr("YAGURA_NO_SUCH_VARIABLE")));
  EXPECT_THAT(problem_of("[console]\ntoken_file = \"/absent/token\""),
              AllOf(HasSubstr("token_file"), HasSubstr("/absent/token")));
  EXPECT_THAT(problem_of("[console]\ntoken = \"secret\""), HasSubstr("no such key"));
}

TEST(ProblemsSpec, AMoveNeedsWindowsThatSaySomething) {
  const auto move = [](std::string_view windows) {
    return "[[rule]]\nid = \"r\"\nkind = \"move\"\ninstrument = \"NI225\"\nwindows = " + std::string{windows} + "\n";
  };
  EXPECT_THAT(problem_of(move("[]")), HasSubstr("is empty"));
  EXPECT_THAT(problem_of(move("[ \"60s\" ]")), HasSubstr("window = "));
  EXPECT_THAT(problem_of(move("[ { threshold = 1 } ]")), HasSubstr("window"));
  EXPECT_THAT(problem_of(move("[ { window = \"60s\" } ]")),
              AllOf(HasSubstr("'threshold'"), HasSubstr("'threshold_pct'")));
  EXPECT_THAT(problem_of(move("[ { window = \"60s\", threshold = 0 } ]")), HasSubstr("above zero"));
  EXPECT_THAT(problem_of(move("[ { window = \"60s\", threshold = 1, threshold_pct = 1 } ]")), HasSubstr("one of them"));
  EXPECT_THAT(problem_of(move("[ { window = \"100ms\", threshold = 1 } ]")), HasSubstr("1s"));
  EXPECT_THAT(problem_of(move("[ { window = \"60s\", treshold = 1, threshold = 1 } ]")),
              HasSubstr("did you mean 'threshold'?"));
}

// A problem inside a list names the rule: "windows[0]" alone leaves a reader to search.
TEST(ProblemsSpec, AProblemInsideARuleNamesTheRule) {
  EXPECT_THAT(problem_of("[[rule]]\nid = \"yen-move\"\nkind = \"move\"\ninstrument = \"USDJPY\"\nwindows = [ { window "
                         "= \"60s\" } ]\n"),
              HasSubstr("yen-move"));
  EXPECT_THAT(
      problem_of("[[rule]]\nid = \"desk\"\nkind = \"level\"\ninstrument = \"USDJPY\"\nlevels = [ { note = \"x\" } ]\n"),
      HasSubstr("desk'"));
}

TEST(ProblemsSpec, AMoveIsScaledByANumberFromZeroToAHundred) {
  const std::string move =
      "[[rule]]\nid = \"r\"\nkind = \"move\"\ninstrument = \"NI225\"\nwindows = [ { window = \"60s\", threshold = 1 } "
      "]\n";
  for (const auto* good : {"0", "6", "4.5", "100"})
    EXPECT_THAT(problems_of(move + "min_z = " + good + "\n"), IsEmpty()) << good;
  for (const auto* bad : {"-1", "100.5", "nan", "inf", "\"six\"", "true"}) {
    EXPECT_THAT(problem_of(move + "min_z = " + bad + "\n"),
                AllOf(HasSubstr("rule 'r'.min_z"), HasSubstr("number from 0 to 100")))
        << bad;
  }
}

TEST(ProblemsSpec, ADriftHasAGridAndTwoNumbers) {
  const std::string cusum = "[[rule]]\nid = \"r\"\nkind = \"cusum\"\ninstrument = \"NI225\"\n";
  EXPECT_THAT(problems_of(cusum), IsEmpty());
  EXPECT_THAT(problem_of(cusum + "grid = \"1ms\"\n"), AllOf(HasSubstr("grid"), HasSubstr("1s")));
  EXPECT_THAT(problem_of(cusum + "k = 5\n"), AllOf(HasSubstr("rule 'r'.k"), HasSubstr("0 to 4")));
  EXPECT_THAT(problem_of(cusum + "h = 0\n"), AllOf(HasSubstr("rule 'r'.h"), HasSubstr("above zero")));
  EXPECT_THAT(problem_of(cusum + "step = 1\n"), HasSubstr("no such key"));
}

TEST(ProblemsSpec, WhatIsNoTomlIsSaidWithItsLine) {
  EXPECT_THAT(problem_of("[pipeline]\nworkers = = 1\n"), AllOf(StartsWith("desk.toml:2: "), HasSubstr("TOML")));
  EXPECT_THAT(problem_of("[pipeline]\nworkers = 1\nworkers = 2\n"), StartsWith("desk.toml:3: "));
  EXPECT_THAT(problem_of("\xff\xfe"), HasSubstr("TOML"));
}

TEST(ProblemsSpec, AWrongFileChangesNothingElse) {
  // One bad rule is reported; the good ones around it are not.
  EXPECT_THAT(problem_of(rule("") + "[[rule]]\nid = \"other\"\nkind = \"mile\"\n"),
              AllOf(HasSubstr("rule 'other'.kind"), HasSubstr("\"mile\"")));
}

TEST(ProblemsSpec, AFileThatCannotBeReadIsNamed) {
  const TempFolder folder;
  EXPECT_THAT(load_file(folder / "absent.toml").problems,
              ElementsAre(AllOf(StartsWith(folder / "absent.toml"), HasSubstr("--config"))));
  EXPECT_THAT(load_file(folder / ".").problems, ElementsAre(HasSubstr("is a directory")));
}

}  // namespace
}  // namespace yagura::config
