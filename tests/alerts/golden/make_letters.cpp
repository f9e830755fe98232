// Messages, one JSON object a line on standard input, to what people get: for each a line
// {"en":{"title":…,"text":…,"mail":…},"ja":{…}}. The mail is complete, as a server would receive it.
#include <fmt/format.h>

#include <iostream>
#include <string>
#include <vector>

#include "alerts/compose.hpp"
#include "alerts/facts.hpp"
#include "alerts/mail/mail_message.hpp"
#include "core/json_writer.hpp"

namespace {

using namespace yagura;
using namespace yagura::alerts;

// As config/yagura.toml has them.
std::vector<InstrumentInfo> instruments() {
  InstrumentInfo nikkei, yen;
  nikkei.symbol = "NI225";
  nikkei.name = "Nikkei 225";
  nikkei.name_ja = "日経平均";
  nikkei.calendar = CalendarKind::kTse;
  yen.symbol = "USDJPY";
  yen.name = "USD/JPY";
  yen.name_ja = "ドル円";
  yen.tick = PriceDelta::from_raw(1'000'000);
  yen.pip = PriceDelta::from_raw(10'000'000);
  yen.calendar = CalendarKind::kFx;
  return {nikkei, yen};
}

void write_letter(JsonWriter& json, std::string_view key, const Facts& facts, Language language) {
  static const auto kInstruments = instruments();
  const auto letter = compose(facts, Letter::Purpose::kAlert, {.language = language, .instruments = kInstruments});
  const MailAddress from{"Yagura", "yagura@example.com"};
  const MailHead head{from, {{"", "desk@example.com"}}, facts.ts_event, message_id(letter, from, "")};
  json.key(key).begin_object().field("title", letter.title).field("text", letter.text);
  json.field("mail", mail_message(letter, head, language, {})).end_object();
}

}  // namespace

int main() {
  for (std::string line, out; std::getline(std::cin, line); out.clear()) {
    const auto facts = read_facts(line);
    if (!facts) {
      std::cerr << facts.error().message << '\n';
      return 1;
    }
    JsonWriter json{out};
    json.begin_object();
    write_letter(json, "en", *facts, Language::kEnglish);
    write_letter(json, "ja", *facts, Language::kJapanese);
    json.end_object();
    std::cout << out << '\n';
  }
}
