// Saves and restores state through one function per class: `state(StateIo&)` names every field
// once and serves both directions, so the two cannot drift apart. Little-endian machines only.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace yagura::processing {

static_assert(std::endian::native == std::endian::little, "snapshots are written as they lie in memory");

class StateIo {
 public:
  [[nodiscard]] static StateIo writer(std::string& out) { return StateIo{&out, {}}; }
  [[nodiscard]] static StateIo reader(std::string_view in) { return StateIo{nullptr, in}; }

  [[nodiscard]] bool reading() const { return out_ == nullptr; }
  // False once a read ran past the end or found an impossible value; later reads leave their
  // targets alone.
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool at_end() const { return in_.empty(); }
  void fail() { ok_ = false; }

  template <class... T>
  void operator()(T&... fields) {
    (field(fields), ...);
  }

  // Of a writer: what `write` appends to the text, behind its length. Reads back as a std::string.
  template <class Write>
  void part(Write&& write) {
    if (reading()) return fail();
    const auto at = out_->size();
    std::uint32_t size = 0;
    field(size);
    write(*out_);
    size = static_cast<std::uint32_t>(out_->size() - at - sizeof size);
    std::memcpy(out_->data() + at, &size, sizeof size);
  }

 private:
  StateIo(std::string* out, std::string_view in) : out_(out), in_(in) {}

  template <class T>
  static constexpr bool kNamesItsState = requires(T& t, StateIo& io) {
    t.state(io);
  };

  // A class that says what its state is knows better than its bytes: those may hold addresses.
  template <class T>
  requires(std::is_trivially_copyable_v<T> && !kNamesItsState<T>) void field(T& value) { bytes(&value, sizeof value); }

  // Damaged bytes make no bool: reading one that is neither 0 nor 1 would be undefined.
  void field(bool& value) {
    std::uint8_t byte = value ? 1 : 0;
    bytes(&byte, sizeof byte);
    if (byte > 1) return fail();
    value = byte == 1;
  }

  template <class T>
  void field(std::vector<T>& values) {
    auto count = static_cast<std::uint32_t>(values.size());
    field(count);
    if (reading()) {
      if (!ok_ || count > in_.size()) return fail();  // every element takes at least a byte
      values.resize(count);
    }
    if constexpr (std::is_trivially_copyable_v<T> && !kNamesItsState<T>) {
      bytes(values.data(), values.size() * sizeof(T));
    } else {
      for (auto& value : values) field(value);
    }
  }

  void bytes(void* data, std::size_t size) {
    if (size == 0) return;
    if (out_ != nullptr) {
      out_->append(static_cast<const char*>(data), size);
    } else if (ok_ && in_.size() >= size) {
      std::memcpy(data, in_.data(), size);
      in_.remove_prefix(size);
    } else {
      ok_ = false;
    }
  }

  void field(std::string& text) {
    auto count = static_cast<std::uint32_t>(text.size());
    field(count);
    if (out_ != nullptr) {
      out_->append(text);
    } else if (ok_ && count <= in_.size()) {
      text.assign(in_.substr(0, count));
      in_.remove_prefix(count);
    } else {
      fail();
    }
  }

  template <class T>
  requires kNamesItsState<T>
  void field(T& value) { value.state(*this); }

  std::string* out_;
  std::string_view in_;
  bool ok_ = true;
};

}  // namespace yagura::processing
