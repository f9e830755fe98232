// Text put together piece by piece, as JSON and words of an alert are: appended in place, without
// strings in between, and without allocation once the buffer has grown to what is written. Not
// thread-safe.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

#include "core/digits.hpp"

namespace yagura {

// A string literal as a template argument: its length is known where it is copied.
template <std::size_t N>
struct Literal {
  char text[N]{};
  consteval Literal(const char (&literal)[N]) { std::copy_n(literal, N, text); }  // implicit, for write<"…">()
  constexpr Literal() = default;
  [[nodiscard]] constexpr std::string_view view() const { return {text, N - 1}; }
  // Where the next {} stands from `at` on; the end when there is none.
  [[nodiscard]] constexpr std::size_t place(std::size_t at) const {
    while (at + 1 < N && !(text[at] == '{' && text[at + 1] == '}')) ++at;
    return at;
  }
  [[nodiscard]] constexpr std::size_t places() const {
    std::size_t count = 0;
    for (auto at = place(0); at + 1 < N; at = place(at + 2)) ++count;
    return count;
  }
};

// Literals one behind the other, as one.
template <Literal... Parts>
[[nodiscard]] consteval auto joined() {
  Literal<(Parts.view().size() + ...) + 1> all;
  char* at = all.text;
  ((at = std::copy_n(Parts.text, Parts.view().size(), at)), ...);
  return all;
}

class TextBuffer {
 public:
  explicit TextBuffer(std::size_t capacity = 4096)
      : begin_(std::make_unique_for_overwrite<char[]>(capacity)), at_(begin_.get()), end_(at_ + capacity) {}

  // Views into it are valid until something is added.
  [[nodiscard]] std::string_view view() const { return {begin_.get(), size()}; }
  [[nodiscard]] std::string_view from(std::size_t start) const { return view().substr(start); }
  [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(at_ - begin_.get()); }
  [[nodiscard]] char& operator[](std::size_t i) { return begin_[i]; }
  void clear() { at_ = begin_.get(); }
  void truncate(std::size_t size) { at_ = begin_.get() + size; }

  // Room for `most` more bytes: write them from here on and say with close() where they end.
  [[nodiscard]] char* room(std::size_t most) {
    if (static_cast<std::size_t>(end_ - at_) < most) [[unlikely]]
      grow(most);
    return at_;
  }
  void close(char* end) { at_ = end; }

  void add(std::string_view text) {
    if (text.empty()) return;  // its bytes may be nowhere
    std::memcpy(room(text.size()), text.data(), text.size());
    at_ += text.size();
  }
  void add(const char* text) { add(std::string_view{text}); }
  void add(char c) {
    *room(1) = c;
    ++at_;
  }
  template <std::integral T>
  requires(!std::same_as<T, bool> && !std::same_as<T, char>) void add(T number) {
    if constexpr (std::signed_integral<T>)
      add_integer(static_cast<std::int64_t>(number));
    else
      add_number(static_cast<std::uint64_t>(number));
  }
  // A part that writes itself, as text<"…">() makes them.
  template <class Part>
  requires std::invocable<const Part&, TextBuffer&>
  void add(const Part& part) { part(*this); }

  // The form with each {} replaced by the part of its place: write<"{} of {} points">(3, "five").
  template <Literal Form, class... Parts>
  void write(const Parts&... parts) {
    static_assert(Form.places() == sizeof...(Parts), "one part for each {}");
    write_from<Form, 0>(parts...);
  }

 private:
  template <Literal Form, std::size_t From>
  void write_from() {
    add(Form.view().substr(From));
  }
  template <Literal Form, std::size_t From, class First, class... Rest>
  void write_from(const First& first, const Rest&... rest) {
    constexpr std::size_t kPlace = Form.place(From);
    if constexpr (kPlace != From) add(Form.view().substr(From, kPlace - From));
    add(first);
    if constexpr (kPlace + 2 != Form.view().size() || sizeof...(Rest) != 0) write_from<Form, kPlace + 2>(rest...);
  }
  void add_integer(std::int64_t number);
  void add_number(std::uint64_t number);
  void grow(std::size_t most);

  std::unique_ptr<char[]> begin_;
  char* at_;
  char* end_;
};

// A part that writes itself where it is put. Holds copies of its own parts.
template <Literal Form, class... Parts>
[[nodiscard]] auto text(Parts... parts) {
  return [=](TextBuffer& out) { out.write<Form>(parts...); };
}

// A part that a member function writes.
template <auto Add, class Self, class... Values>
[[nodiscard]] auto part_of(const Self& self, Values... values) {
  return [&self, values...](TextBuffer& out) { (self.*Add)(out, values...); };
}

// The part if the condition holds, else nothing.
template <class Part>
[[nodiscard]] auto when(bool condition, Part part) {
  return [=](TextBuffer& out) {
    if (condition) out.add(part);
  };
}

// A part by itself.
template <class Part>
[[nodiscard]] std::string written(const Part& part) {
  TextBuffer out{256};
  out.add(part);
  return std::string{out.view()};
}

}  // namespace yagura
