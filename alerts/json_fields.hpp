// The fields of an alert's JSON object, each behind another. Their keys are literals that stand in the program with
// comma, quotes and colon; only what comes from outside is looked at for what JSON must escape.
#pragma once

#include <concepts>
#include <string_view>

#include "core/json_writer.hpp"
#include "core/price.hpp"
#include "core/text_buffer.hpp"
#include "core/time.hpp"

namespace yagura::alerts {

class JsonFields {
 public:
  // Appends to `out`, which ends with a field already.
  explicit JsonFields(TextBuffer& out) : out_(out) {}

  template <Literal Key, std::integral T>
  void field(T number) {
    key<Key, R"(":)">();
    if constexpr (std::same_as<T, bool>)
      out_.add(number ? std::string_view{"true"} : std::string_view{"false"});
    else
      out_.add(number);
  }
  template <Literal Key>
  void field(Timestamp t) {  // nanoseconds since 1970
    field<Key>(to_ns(t));
  }
  template <Literal Key>
  void field(Price price) {
    key<Key, R"(":")">();
    end_price(price.raw());
  }
  template <Literal Key>
  void field(PriceDelta delta) {
    key<Key, R"(":")">();
    end_price(delta.raw());
  }
  // A word of ours or a part: nothing in it that JSON would escape.
  template <Literal Key, class Part>
  void word(const Part& part) {
    key<Key, R"(":")">();
    out_.add(part);
    out_.add('"');
  }
  // Text from outside.
  template <Literal Key>
  void text(std::string_view text) {
    key<Key, R"(":)">();
    append_json_string(out_, text);
  }
  // A part that writes a number or is JSON already.
  template <Literal Key, class Part>
  void raw(const Part& part) {
    key<Key, R"(":)">();
    out_.add(part);
  }

  // What fill() adds, within: fields or values.
  template <Literal Key, class Fill>
  void object(const Fill& fill) {
    key<Key, R"(":)">();
    enclose('{', '}', fill);
  }
  template <class Fill>
  void object(std::string_view key, const Fill& fill) {
    out_.write<R"(,"{}":)">(key);
    enclose('{', '}', fill);
  }
  template <Literal Key, class Fill>
  void array(const Fill& fill) {
    key<Key, R"(":)">();
    enclose('[', ']', fill);
  }
  void value(Price price) {
    out_.add(std::string_view{R"(,")"});
    end_price(price.raw());
  }
  void value(std::string_view word) { out_.write<R"(,"{}")">(word); }

 private:
  // The key with the comma before it and what ends it.
  template <Literal Key, Literal End>
  void key() {
    static constexpr auto kText = joined<R"(,")", Key, End>();
    out_.add(kText.view());
  }
  void end_price(std::int64_t raw);
  // Everything within begins with a comma: the first one's place is the bracket's.
  template <class Fill>
  void enclose(char open, char close, const Fill& fill) {
    const auto at = out_.size();
    fill();
    if (out_.size() == at)
      out_.add(open);
    else
      out_[at] = open;
    out_.add(close);
  }

  TextBuffer& out_;
};

}  // namespace yagura::alerts
