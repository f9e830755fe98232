// yagura alerts show: one alert with its evidence, its deliveries and what people did about it.
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include <simdjson.h>

#include "alerts/facts.hpp"
#include "alerts/plain_text.hpp"
#include "app/journal_view.hpp"
#include "app/start_up.hpp"
#include "app/text_table.hpp"

namespace yagura::app {
namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

void line(const std::string& name, const std::string& text, std::size_t indent = 0) {
  std::printf("%*s%-*s  %s\n", static_cast<int>(indent), "", static_cast<int>(22 - std::min<std::size_t>(indent, 22)),
              name.c_str(), text.c_str());
}

std::string value_text(const element& value) {
  std::string_view text;
  return alerts::printable(value.get(text) == simdjson::SUCCESS ? std::string{text} : simdjson::minify(value));
}

// Times are nanoseconds since 1970 in the object.
std::string time_or_value(std::string_view key, const element& value) {
  std::int64_t ns = 0;
  if (key.ends_with("_ns") && value.get(ns) == simdjson::SUCCESS) return tokyo_time(timestamp_from_ns(ns));
  return value_text(value);
}

void print_object(const simdjson::dom::object& object, std::size_t indent) {
  for (const auto field : object) {
    std::string name{field.key};
    if (name.ends_with("_ns")) name.resize(name.size() - 3);
    std::ranges::replace(name, '_', ' ');
    simdjson::dom::object inner;
    if (field.value.get(inner) == simdjson::SUCCESS) {
      std::printf("%*s%s\n", static_cast<int>(indent), "", alerts::printable(name).c_str());
      print_object(inner, indent + 2);
    } else {
      line(alerts::printable(name), time_or_value(field.key, field.value), indent);
    }
  }
}

// What the title and the text do not say, in the order of the object.
void print_fields(const std::string& json) {
  constexpr std::string_view kSaid[] = {"v", "title", "text", "title_ja", "text_ja", "evidence"};
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(json).get(object) != simdjson::SUCCESS) return;
  for (const auto field : object) {
    if (std::ranges::find(kSaid, field.key) != std::end(kSaid)) continue;
    line(std::string{field.key}, time_or_value(field.key, field.value));
  }
  simdjson::dom::object evidence;
  if (object["evidence"].get(evidence) != simdjson::SUCCESS) return;
  std::puts("evidence");
  print_object(evidence, 2);
}

std::string_view purpose_text(alerts::Letter::Purpose purpose) {
  using Purpose = alerts::Letter::Purpose;
  switch (purpose) {
    case Purpose::kAlert: return "alert";
    case Purpose::kReminder: return "reminder";
    case Purpose::kSummary: return "summary";
    case Purpose::kResolved: return "resolved";
    case Purpose::kTest: return "test";
    case Purpose::kAcknowledged: return "acknowledged";
  }
  return "";
}

void print_deliveries(const std::vector<alerts::DeliveryRow>& deliveries) {
  if (deliveries.empty()) return static_cast<void>(std::puts("\nno deliveries"));
  std::puts("\ndeliveries");
  TextTable table{{{"sink", Align::kLeft},
                   {"what", Align::kLeft},
                   {"state", Align::kLeft},
                   {"tries"},
                   {"when", Align::kLeft},
                   {"detail", Align::kLeft}}};
  for (const auto& d : deliveries) {
    const bool pending = d.state == alerts::DeliveryState::kPending;
    table.row({d.sink, std::string(d.escalation ? "escalation" : purpose_text(d.purpose)),
               std::string(name_of(d.state)), grouped(static_cast<std::uint64_t>(std::max(d.attempts, 0))),
               (pending ? "due " : "") + tokyo_time(pending ? d.due : d.changed), alerts::printable(d.detail)});
  }
  std::fputs(table.text(::isatty(STDOUT_FILENO) == 1).c_str(), stdout);
}

void print_actions(const std::vector<alerts::Action>& actions) {
  if (actions.empty()) return;
  std::puts("\nactions");
  for (const auto& action : actions) {
    std::string text = action.kind + " by " + alerts::printable(action.author);
    if (!action.reason.empty()) text += ": " + alerts::printable(action.reason);
    std::printf("  %s  %s\n", tokyo_time(action.at).c_str(), text.c_str());
  }
}

}  // namespace

int show_alert(const AlertsOptions& options) {
  auto query = open_journal(options.state);
  if (!query) return complain(query.error().code, query.error().message);
  const auto id = resolve_id(options.id, *query);
  if (!id) return complain(id.error().code, id.error().message);
  const auto alert = query->alert(*id);
  if (!alert) return complain(kFailed, alert.error().message);
  if (!*alert) return complain(kFailed, "the journal has no alert " + options.id);
  const auto facts = alerts::read_facts((*alert)->json);
  if (!facts) return complain(kBadData, facts.error().message);
  std::printf("%s\n%s\n\n", alerts::printable(facts->title).c_str(), alerts::printable(facts->text).c_str());
  print_fields(facts->json);

  const auto deliveries = query->deliveries_of(*id);
  if (!deliveries) return complain(kFailed, deliveries.error().message);
  print_deliveries(*deliveries);
  const auto actions = query->actions_of(facts->parent.empty() ? facts->id : facts->parent);
  if (!actions) return complain(kFailed, actions.error().message);
  print_actions(*actions);
  return kDone;
}

}  // namespace yagura::app
