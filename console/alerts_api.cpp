#include "console/alerts_api.hpp"

#include <fmt/format.h>

#include "alerts/names.hpp"
#include "console/http_responses.hpp"
#include "console/query.hpp"
#include "core/json_writer.hpp"

namespace yagura::console {
namespace {

using net::HttpResponse;

constexpr std::uint64_t kMaxLimit = 1000;

Result<void> take_time(std::string_view name, const std::string& text, std::optional<Timestamp>& time) {
  const auto read = read_time(name, text);
  if (!read) return read.error();
  time = *read;
  return {};
}

Result<void> take(std::string_view name, const std::string& text, alerts::AlertFilter& filter) {
  if (name == "after" || name == "limit") {
    const bool limit = name == "limit";
    const auto value = read_number(name, text, limit ? 1 : 0, limit ? kMaxLimit : ~std::uint64_t{0});
    if (!value) return value.error();
    (limit ? filter.limit : filter.after) = *value;
  }
  if (name == "rule") filter.rule = text;
  if (name == "instrument") filter.instrument = text;
  if (name == "kind") filter.kind = text;
  if (name == "severity" && !(filter.severity = alerts::severity_of(text)))
    return Error{fmt::format("severity: '{:.40}' is none of info, low, high, critical", text)};
  if (name == "since") return take_time(name, text, filter.since);
  if (name == "until") return take_time(name, text, filter.until);
  if (name == "undelivered") {
    if (text != "true" && text != "false")
      return Error{fmt::format("undelivered: '{:.40}' is not true or false", text)};
    filter.undelivered = text == "true";
  }
  return {};
}

// A page of alerts and, beside them, who has acknowledged which.
class Page {
 public:
  explicit Page(const PeopleDesk* people) : people_(people) { json_.begin_object().key("alerts").begin_array(); }
  void add(std::string_view alert) {
    json_.raw(alert);
    ++size_;
    const auto own = id_in(alert, "id");
    const auto parent = id_in(alert, "parent");
    const auto episode = alerts::parse_id(parent.empty() ? own : parent);
    const auto* const ack = people_ == nullptr || !episode ? nullptr : people_->ack_of(*episode);
    if (ack != nullptr) acks_.emplace_back(own, *ack);
  }
  [[nodiscard]] std::size_t size() const { return size_; }
  HttpResponse finish(const AlertLog& log) {
    json_.end_array();
    if (people_ != nullptr) {
      json_.key("acks").begin_object();
      for (const auto& [id, ack] : acks_) {
        json_.key(id).begin_object();
        json_.field("at", format_utc(ack.at)).field("author", ack.author).field("reason", ack.reason).end_object();
      }
      json_.end_object();
    }
    json_.field("first_seq", log.first_seq()).field("last_seq", log.last_seq()).end_object();
    return json_response(200, std::move(body_));
  }

 private:
  const PeopleDesk* people_;
  std::string body_;
  JsonWriter json_{body_};
  std::size_t size_ = 0;
  std::vector<std::pair<std::string, Ack>> acks_;
};

void read_on(AlertLog& log, std::uint64_t after, std::size_t limit, Page& page) {
  log.read_after(after, limit, [&](std::uint64_t, std::string_view alert, std::string_view) { page.add(alert); });
}

// What the journal found, and behind it what may not be on the disk yet.
HttpResponse found_page(const std::vector<alerts::StoredAlert>& found, const alerts::AlertFilter& filter, AlertLog& log,
                        const PeopleDesk& people) {
  Page page{&people};
  for (const auto& alert : found) page.add(alert.json);
  if (!filter.picks_out() && page.size() < filter.limit)
    read_on(log, found.empty() ? filter.after : found.back().seq, filter.limit - page.size(), page);
  return page.finish(log);
}

}  // namespace

Result<alerts::AlertFilter> parse_alert_query(std::string_view query) {
  alerts::AlertFilter filter;
  const auto read =
      read_query(query, [&](std::string_view name, const std::string& text) { return take(name, text, filter); });
  if (!read) return read.error();
  return filter;
}

HttpResponse handle_alerts(std::string_view query, AlertLog& log, PeopleDesk* people,
                           const std::weak_ptr<void>& alive) {
  const auto filter = parse_alert_query(query);
  if (!filter) return error_response(400, filter.error().message);
  const bool at_hand = !filter->picks_out() && (log.size() == 0 || filter->after + 1 >= log.first_seq());
  if (at_hand || people == nullptr) {
    Page page{people};
    read_on(log, filter->after, filter->limit, page);
    return page.finish(log);
  }
  return {.later = [filter = *filter, &log, people, alive](const net::HttpReply& reply) {
    people->list(filter, [=, &log](const Result<std::vector<alerts::StoredAlert>>& found) {
      if (alive.expired()) return;
      send_later(reply, found ? found_page(*found, filter, log, *people) : error_response(503, found.error().message));
    });
  }};
}

}  // namespace yagura::console
