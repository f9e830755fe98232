// The schema is the one list of keys: what it names is accepted, what it does not is refused, and
// docs/config.md shows it.
#include "config/schema.hpp"

#include <map>
#include <set>

#include "config_fixture.hpp"
#include "processing/calendar_data.hpp"

namespace yagura::config {
namespace {

using testing::HasSubstr;

// Adds a required key, unless `line` is that key.
std::string with(std::string_view line, std::string_view required, const std::string& text) {
  return line.starts_with(std::string{required.substr(0, required.find(' '))} + " =")
             ? text
             : text + std::string{required} + "\n";
}

// A [[sink]] of the section's kind with what it cannot do without.
std::string sink_with(std::string_view section, std::string_view line) {
  static const std::map<std::string_view, std::vector<std::string>> kNeeded = {
      {"file", {"path = \"a.jsonl\""}},
      {"webhook", {"url = \"http://127.0.0.1:1\"", "secret_env = \"PATH\""}},
      {"slack", {"url = \"http://127.0.0.1:1\""}},
      {"discord", {"url = \"http://127.0.0.1:1\""}},
      {"telegram", {"token_env = \"PATH\"", "chat = \"@desk\""}},
      {"line", {"token_env = \"PATH\"", "to = \"U1\""}},
      {"pagerduty", {"routing_key_env = \"PATH\""}},
      {"ntfy", {"topic = \"desk\""}},
      {"email",
       {"server = \"smtps://127.0.0.1:1\"", "from = \"a@b\"", "to = [\"c@d\"]", "user = \"a\"",
        "password_env = \"PATH\""}},
      {"exec", {"command = [\"true\"]"}},
      {"desktop", {}},
      {"nats", {"servers = [\"nats://127.0.0.1:1\"]"}}};
  const bool common = section == "sink";
  const std::string kind{common ? "file" : section.substr(5)};
  std::string text = "[[sink]]\n";
  for (const std::string& required : {std::string{"name = \"s\""}, "kind = \"" + kind + "\""})
    text = with(line, required, text);
  const auto key = line.substr(0, line.find(' '));
  const auto stem = key.substr(0, key.find("_file"));
  for (const auto& required : kNeeded.at(kind)) {
    const auto name = required.substr(0, required.find(' '));
    // A secret comes from one place, an address is in the clear or a secret.
    const bool other = name == std::string{stem} + "_env" || (name == "url" && key.starts_with("url_"));
    if (!other) text = with(line, required, text);
  }
  return text + std::string{line};
}

// A text around `line`, a key of `section` with its value, in which all else is right.

std::string file_with(std::string_view section, const std::string& line) {
  const std::string rule = "[[rule]]\nid = \"r\"\ninstrument = \"NI225\"\n";
  const auto add = [&](std::string_view required, const std::string& text) { return with(line, required, text); };
  if (section == "instrument.*")
    return "[instrument.BTC]\n" + std::string{line.starts_with("max_age") ? "series = \"NI225\"\n" : ""} + line;
  if (section == "feed") {
    std::string text = "[[feed]]\n";
    for (const auto* required :
         {"name = \"f\"", "vendor = \"native\"", "url = \"ws://127.0.0.1:1\"", "symbols = { NI225 = \"N\" }"})
      text = add(required, text);
    if (line.starts_with("json =")) text.replace(text.find("native"), 6, "json");
    return text + line;
  }
  if (section == "feed json") {
    const std::string text = "[[feed]]\nname = \"f\"\nvendor = \"json\"\nurl = \"ws://127.0.0.1:1\"\n" +
                             std::string{line.find("{token}") != std::string::npos ? "token_env = \"PATH\"\n" : ""} +
                             "symbols = { NI225 = \"N\" }\n[feed.json]\n";
    return add("price = \"/p\"", text) + line;
  }
  if (section == "sink" && line.starts_with("fallback")) {
    return sink_with("sink", "") + "\n[[sink]]\nname = \"b\"\nkind = \"desktop\"\n" +
           with(line, "fallback_for = \"s\"", "") + line;
  }
  if (section.starts_with("sink")) return sink_with(section, line);
  if (section == "rule" && (line.starts_with("escalate_after") || line.starts_with("sinks"))) {
    return "[[sink]]\nname = \"text\"\nkind = \"desktop\"\n" + rule + "kind = \"stale\"\n" +
           add("sinks = [\"text\"]", "") + line;
  }
  if (section == "rule") {
    std::string text = "[[rule]]\n";
    for (const auto* required : {"id = \"r\"", "kind = \"milestone\"", "instrument = \"NI225\"", "step = 1"})
      text = add(required, text);
    return text + line;
  }
  if (section == "rule milestone") return add("step = 1", rule + "kind = \"milestone\"\n") + line;
  if (section == "rule level")
    return rule + "kind = \"level\"\n" + (line.starts_with("levels") ? "" : "levels = [1]\n") + line;
  if (section == "rule record") return rule + "kind = \"record\"\n" + line;
  if (section == "rule divergence") return add("against = \"USDJPY\"", rule + "kind = \"divergence\"\n") + line;
  if (section == "rule move")
    return add("windows = [ { window = \"60s\", threshold = 1 } ]", rule + "kind = \"move\"\n") + line;
  if (section == "rule stale") return rule + "kind = \"stale\"\n" + line;
  if (section == "rule period")
    return rule + "kind = \"period\"\n" +
           (line.starts_with("since") || line.starts_with("months") || line.starts_with("days") ? "" : "months = 6\n") +
           line;
  if (section == "rule intervention")
    return "[[rule]]\nid = \"r\"\ninstrument = \"USDJPY\"\nkind = \"intervention\"\n" +
           std::string{line.starts_with("crosses")  ? "eurusd = \"NI225\"\n"
                       : line.starts_with("eurusd") ? "crosses = [\"NI225\"]\n"
                                                    : ""} +
           line;
  if (section == "rule cusum") return rule + "kind = \"cusum\"\n" + line;
  if (section == "rule level entry")
    return rule + "kind = \"level\"\nlevels = [ { " + (line.starts_with("price") ? "" : "price = 1, ") + line + " } ]";
  if (section == "rule move window") {
    const bool threshold = line.starts_with("threshold");
    return rule + "kind = \"move\"\nwindows = [ { " + (threshold ? "window = \"60s\", " : "threshold = 1, ") + line +
           " } ]";
  }
  if (section == "notify" || section == "publish")
    return with(line, "servers = [\"nats://127.0.0.1:4222\"]", "[" + std::string{section} + "]\n") + line;
  if (section == "console" && line.starts_with("read_token")) return "[console]\ntoken_env = \"PATH\"\n" + line;
  if (section == "pipeline cpus") return "[pipeline]\ncpus = { " + line + " }";
  if (section == "delivery storm") return "[delivery]\nstorm = { " + line + " }";
  if (section.empty()) return line;
  return "[" + std::string{section} + "]\n" + line;
}

// A good value of each key, by its type in the schema; keys whose type says too little, by name.
std::string value_of(const KeySpec& spec) {
  static const std::map<std::string_view, std::string> kByKey = {{"id", "\"r\""},
                                                                 {"instrument", "\"NI225\""},
                                                                 {"kind", "\"milestone\""},
                                                                 {"against", "\"USDJPY\""},
                                                                 {"half_life", "\"60m\""},
                                                                 {"window", "\"15m\""},
                                                                 {"vendor", "\"native\""},
                                                                 {"url", "\"ws://127.0.0.1:1\""},
                                                                 {"symbols", "{ NI225 = \"N\" }"},
                                                                 {"levels", "[1]"},
                                                                 {"levels_file", "\"levels.csv\""},
                                                                 {"events_file", "\"events.csv\""},
                                                                 {"zones", "[152]"},
                                                                 {"crosses", "[\"NI225\"]"},
                                                                 {"eurusd", "\"NI225\""},
                                                                 {"horizons", "[\"52w\"]"},
                                                                 {"series", "\"NI225 / USDJPY\""},
                                                                 {"hosts", "[\"desk\"]"},
                                                                 {"token_env", "\"PATH\""},
                                                                 {"listen", "\"127.0.0.1:0\""},
                                                                 {"windows", "[ { window = \"60s\", threshold = 1 } ]"},
                                                                 {"queue_capacity", "64"},
                                                                 {"ring", "4096"},
                                                                 {"token_file", "\"token\""},
                                                                 {"ca_file", "\"ca.pem\""},
                                                                 {"path", "\"a.jsonl\""},
                                                                 {"tse", "\"tse.calendar\""},
                                                                 {"ose", "\"ose.calendar\""},
                                                                 {"fx", "\"fx.calendar\""},
                                                                 {"expires", "\"5d\""},
                                                                 {"mute", "[\"lunch\"]"},
                                                                 {"json", "{ price = \"/p\" }"},
                                                                 {"storm", "{ alerts = 5 }"},
                                                                 {"cpus", "{ detector = 1 }"},
                                                                 {"public_url", "\"https://desk.example\""},
                                                                 {"servers", "[\"nats://127.0.0.1:4222\"]"},
                                                                 {"credentials_file", "\"ca.pem\""}};
  static const std::map<std::string_view, std::string> kByType = {
      {"texts", "\"text\""},
      {"rate", "\"1/s\""},
      {"template", "\"{{title}}\""},
      {"array of strings", "[\"nats://127.0.0.1:1\"]"},
      {"smtp:// or smtps:// address", "\"smtp://127.0.0.1:1\""},
      {"JSON pointer", "\"/a/0\""},
      {"header", "\"Authorization: Bearer {token}\""},
      {"string", "\"text\""},
      {"price", "\"0.5\""},
      {"percent", "0.5"},
      {"duration", "\"60s\""},
      {"true, false", "true"},
      {"0", "0"},
      {"name", "\"text\""},
      {"variable", "\"PATH\""},
      {"path", "\"file\""},
      {"http:// address or \"none\"", "\"none\""},
      {"http:// or https:// address", "\"http://127.0.0.1:1\""}};
  if (spec.section == "sink" && spec.key == "kind") return "\"file\"";
  if (spec.section.starts_with("sink") && spec.key == "url") return "\"http://127.0.0.1:1\"";
  if (spec.key == "read_token_file") return "\"token\"";
  if (spec.key == "fallback_for") return "\"s\"";
  if (spec.key == "sinks") return "[\"text\"]";
  if (spec.section == "journal" && spec.key.starts_with("keep")) return "\"30d\"";
  if (const auto found = kByKey.find(spec.key); found != kByKey.end()) return found->second;
  if (const auto found = kByType.find(spec.type); found != kByType.end()) return found->second;
  if (spec.type.starts_with("integer") || spec.type.starts_with("number")) return "1";
  if (spec.type.starts_with("duration")) return "\"60s\"";
  if (spec.type.starts_with('"'))
    return std::string{spec.type.substr(0, spec.type.find(','))};  // the first of a choice
  return {};
}

bool is_configuration(const KeySpec& spec) { return !spec.section.starts_with("scenario"); }

class SchemaSpec : public testing::Test {
 protected:
  // Loaded from a file, so that the paths it names are found beside it.
  std::vector<std::string> problems_in(const std::string& text) {
    folder.write("levels.csv", "1\n");
    folder.write("events.csv", "time,name\n");
    folder.write("token", "secret\n");
    folder.write("ca.pem", "");
    for (const std::string name : {"tse", "ose", "fx"})
      folder.write(name + ".calendar", std::string{processing::shipped_calendar_text(name)});
    auto adjusted = text;
    for (const auto* name : {"\"token\"", "\"ca.pem\""}) {
      if (const auto at = adjusted.find(name); at != std::string::npos) adjusted.insert(at + 1, (folder / ""));
    }
    return load_file(folder.write("desk.toml", adjusted)).problems;
  }
  TempFolder folder;
};

TEST_F(SchemaSpec, EveryKeyIsAccepted) {
  std::size_t tried = 0;
  for (const auto& spec : schema()) {
    if (!is_configuration(spec) || spec.section.empty()) continue;
    const auto value = value_of(spec);
    ASSERT_FALSE(value.empty()) << spec.section << '.' << spec.key << ": which value suits " << spec.type << "?";
    const auto text = file_with(spec.section, std::string{spec.key} + " = " + value);
    EXPECT_EQ(joined(problems_in(text)), "") << "in\n" << text;
    ++tried;
  }
  EXPECT_GT(tried, 50U);
}

TEST_F(SchemaSpec, EveryChoiceIsAccepted) {
  for (const auto& spec : schema()) {
    if (!is_configuration(spec) || !spec.type.starts_with('"') || spec.key == "kind") continue;
    for (std::size_t from = 0; from < spec.type.size();) {
      const auto to = std::min(spec.type.find(", ", from), spec.type.size());
      const auto text =
          file_with(spec.section, std::string{spec.key} + " = " + std::string{spec.type.substr(from, to - from)});
      EXPECT_EQ(joined(problems_in(text)), "") << "in\n" << text;
      from = to + 2;
    }
  }
}

TEST_F(SchemaSpec, EveryDefaultThatIsAValueIsAccepted) {
  for (const auto& spec : schema()) {
    if (!is_configuration(spec) || spec.section.empty()) continue;
    const bool literal = spec.fallback.starts_with('"') || spec.fallback == "true" || spec.fallback == "false" ||
                         spec.fallback.find_first_not_of("0123456789.") == std::string_view::npos;
    if (!literal) continue;
    const auto text = file_with(spec.section, std::string{spec.key} + " = " + std::string{spec.fallback});
    EXPECT_EQ(joined(problems_in(text)), "") << "in\n" << text;
  }
}

TEST_F(SchemaSpec, AKeyThatIsNotInItIsRefusedInEveryTable) {
  std::set<std::string_view> sections;
  for (const auto& spec : schema()) {
    if (is_configuration(spec)) sections.insert(spec.section);
  }
  for (const auto section : sections) {
    const auto text = file_with(section, "qqqqqqqq = 1");
    EXPECT_THAT(joined(problems_in(text)), HasSubstr("qqqqqqqq")) << "in\n" << text;
  }
}

TEST(SchemaListSpec, NamesNoKeyTwice) {
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const auto& spec : schema())
    EXPECT_TRUE(seen.emplace(spec.section, spec.key).second) << spec.section << '.' << spec.key;
}

TEST(SchemaListSpec, ExplainsEveryKey) {
  for (const auto& spec : schema()) {
    EXPECT_FALSE(spec.type.empty()) << spec.key;
    EXPECT_FALSE(spec.fallback.empty()) << spec.key;
    EXPECT_TRUE(spec.meaning.ends_with('.')) << spec.key << ": " << spec.meaning;
    EXPECT_EQ(spec.meaning.find('|'), std::string_view::npos) << spec.key;
  }
}

TEST(SchemaListSpec, SuggestsTheKeyThatWasMeant) {
  EXPECT_EQ(suggestion("", "rules"), "rule");
  EXPECT_EQ(suggestion("pipeline", "worker"), "workers");
  EXPECT_EQ(suggestion("rule milestone", "instrumnet"), "instrument");
  EXPECT_EQ(suggestion("rule milestone", "stpe"), "step");
  EXPECT_EQ(suggestion("pipeline", "zzzzzzz"), "");
  EXPECT_EQ(suggestion("no such section", "step"), "");
}

TEST(SchemaListSpec, KeysOfEveryRuleBelongToEachKind) {
  for (const auto* section : {"rule milestone", "rule level", "rule record", "rule move", "rule cusum"}) {
    for (const auto* key : {"id", "kind", "instrument"}) EXPECT_TRUE(is_key(section, key)) << section << ' ' << key;
  }
  EXPECT_FALSE(is_key("rule move", "step"));
  EXPECT_FALSE(is_key("rule level entry", "id"));
}

TEST(DocumentationSpec, ConfigPageShowsTheSchemaAsItIs) {
  const auto page = read_all(YAGURA_ROOT "/docs/config.md");
  EXPECT_NE(page.find(schema_markdown()), std::string::npos) << "docs/config.md is behind: run docs/update-config.sh";
}

}  // namespace
}  // namespace yagura::config
