#include "console/levels_api.hpp"

#include "alerts/json_body.hpp"
#include "console/http_responses.hpp"
#include "core/json_writer.hpp"

namespace yagura::console {
namespace {

using net::HttpRequest;
using net::HttpResponse;

constexpr std::size_t kMaxListed = 10'000;
constexpr std::size_t kMaxNote = 200;
constexpr std::string_view kExample = R"({"instrument":"USDJPY","price":"158.50","note":"stop","once":false})";

void append(JsonWriter& json, const LevelRow& row) {
  json.begin_object()
      .field("instrument", row.instrument)
      .field("rule", row.rule)
      .field("price", row.price)
      .field("note", row.note)
      .field("once", row.once)
      .field("configured", row.configured)
      .end_object();
}

HttpResponse list(LevelBook& book) {
  std::size_t total = 0;
  const auto rows = book.levels(kMaxListed, total);
  std::string body;
  JsonWriter json{body};
  json.begin_object().key("levels").begin_array();
  for (const auto& row : rows) append(json, row);
  json.end_array().field("total", total).end_object();
  return json_response(200, std::move(body));
}

HttpResponse change(const HttpRequest& request, LevelBook& book) {
  if (auto refusal = refuse_unless_json(request)) return *std::move(refusal);
  std::string error;
  auto row = parse_level(request.body, error);
  if (!row) return error_response(400, error);
  const bool adding = request.method == "POST";
  const auto refusal = adding ? book.add(*row) : book.remove(*row);
  if (refusal.status != 0) return error_response(refusal.status, refusal.message);
  std::string body;
  JsonWriter json{body};
  append(json, *row);
  return json_response(adding ? 201 : 200, std::move(body));
}

}  // namespace

std::optional<LevelRow> parse_level(std::string_view body, std::string& error) {
  LevelRow row;
  bool has_price = false;
  const auto read = alerts::read_body(body, kExample, [&](const alerts::BodyField& field, std::string& why) {
    if (field.key == "instrument" && field.text) {
      row.instrument = *field.text;
    } else if (field.key == "rule" && field.text) {
      row.rule = *field.text;
    } else if (field.key == "note" && field.text && field.text->size() <= kMaxNote) {
      row.note = *field.text;
    } else if (field.key == "once" && field.flag) {
      row.once = *field.flag;
    } else if (field.key == "price") {
      const auto price = parse_price(field.written);
      has_price = price && price->raw() > 0;
      if (has_price)
        row.price = *price;
      else
        why = "price: '" + field.written.substr(0, 40) + "' is no price above zero";
      return has_price;
    } else {
      return false;
    }
    return true;
  });
  const auto fail = [&](std::string what) {
    error = std::move(what);
    return std::nullopt;
  };
  if (!read) return fail(read.error().message);
  if (row.instrument.empty()) return fail(alerts::body_error("no instrument", kExample).message);
  if (!has_price) return fail(alerts::body_error("no price", kExample).message);
  return row;
}

HttpResponse handle_levels(const HttpRequest& request, LevelBook& book) {
  if (request.method == "GET" || request.method == "HEAD") return list(book);
  if (request.method == "POST" || request.method == "DELETE") return change(request, book);
  return wrong_method("GET, HEAD, POST, DELETE");
}

}  // namespace yagura::console
