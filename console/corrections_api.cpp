#include "console/corrections_api.hpp"

#include <charconv>

#include "alerts/json_body.hpp"
#include "console/http_responses.hpp"
#include "core/json_writer.hpp"

namespace yagura::console {
namespace {

using net::HttpRequest;
using net::HttpResponse;

constexpr std::string_view kExample = R"({"instrument":"NI225","ts_event_ns":1770596520000000000,"price":"57337.07"})";

std::optional<Timestamp> parse_ns(std::string_view digits) {
  std::int64_t ns = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), ns);
  if (error != std::errc{} || end != digits.data() + digits.size() || ns <= 0) return std::nullopt;
  return timestamp_from_ns(ns);
}

}  // namespace

std::optional<Correction> parse_correction(std::string_view body, std::string& error) {
  Correction print;
  std::optional<Timestamp> ts_event;
  std::optional<Price> price;
  const auto read = alerts::read_body(body, kExample, [&](const alerts::BodyField& field, std::string& why) {
    const auto written = field.written.substr(0, 40);
    if (field.key == "instrument" && field.text) {
      print.instrument = *field.text;
      return true;
    }
    if (field.key == "ts_event_ns") {
      ts_event = parse_ns(field.written);
      if (!ts_event) why = "ts_event_ns: '" + written + "' is no count of nanoseconds since 1970";
      return ts_event.has_value();
    }
    if (field.key == "price") {
      price = parse_price(field.written);
      if (price && price->raw() > 0) return true;
      why = "price: '" + written + "' is no price above zero";
    }
    return false;
  });
  const auto fail = [&](std::string what) {
    error = std::move(what);
    return std::nullopt;
  };
  if (!read) return fail(read.error().message);
  if (print.instrument.empty()) return fail(alerts::body_error("no instrument", kExample).message);
  if (!ts_event) return fail(alerts::body_error("no ts_event_ns", kExample).message);
  if (!price) return fail(alerts::body_error("no price", kExample).message);
  print.ts_event = *ts_event;
  print.price = *price;
  return print;
}

HttpResponse handle_correction(const HttpRequest& request, CorrectionDesk& desk) {
  if (request.method != "POST") return wrong_method("POST");
  if (auto refusal = refuse_unless_json(request)) return *std::move(refusal);
  std::string error;
  const auto print = parse_correction(request.body, error);
  if (!print) return error_response(400, error);
  const auto answer = desk.cancel(*print);
  if (answer.status != 200) return error_response(answer.status, answer.message);
  std::string body;
  JsonWriter json{body};
  json.begin_object()
      .field("instrument", print->instrument)
      .field("ts_event_ns", to_ns(print->ts_event))
      .field("price", print->price)
      .field("changed", answer.changed)
      .field("withdrawn", answer.withdrawn)
      .field("message", answer.message)
      .end_object();
  return json_response(200, std::move(body));
}

}  // namespace yagura::console
