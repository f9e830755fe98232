#include "baselines/alert_frame.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <stdexcept>

#include "baselines/frame.hpp"

namespace yagura::baselines {

namespace {

constexpr std::int64_t kScale = 1'000'000'000;
constexpr std::string_view kEnd = R"("}})";
constexpr std::size_t kLeast = 512;  // more than all but the text, with the longest numbers

class Cursor {
 public:
  explicit Cursor(char* at) : at_(at) {}
  Cursor& operator<<(std::string_view text) {
    std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
    return *this;
  }
  Cursor& operator<<(std::int64_t number) {
    at_ = std::to_chars(at_, at_ + 20, number).ptr;
    return *this;
  }
  Cursor& price(std::int64_t raw) {
    *this << raw / kScale;
    auto fraction = raw % kScale;
    if (fraction == 0) return *this;
    *at_++ = '.';
    for (auto digit = kScale / 10; fraction != 0; fraction %= digit, digit /= 10)
      *at_++ = static_cast<char>('0' + fraction / digit);
    return *this;
  }
  [[nodiscard]] char* at() const { return at_; }

 private:
  char* at_;
};

}  // namespace

AlertFrame::AlertFrame(std::size_t alert_bytes) {
  if (alert_bytes < kLeast)
    throw std::invalid_argument("--alert-bytes " + std::to_string(alert_bytes) + ": an alert has at least " +
                                std::to_string(kLeast));
  frame_ = text_header(alert_bytes);
  header_ = frame_.size();
  frame_.append(alert_bytes - kEnd.size(), '.');
  frame_ += kEnd;
}

std::string_view AlertFrame::write(const Alert& alert) noexcept {
  Cursor to{frame_.data() + header_};
  to << R"({"type":"alert","alert":{"v":1,"seq":)" << static_cast<std::int64_t>(++count_)
     << R"(,"kind":"milestone","event":")" << (alert.reached ? "reached" : "lost") << R"(","instrument":")"
     << alert.instrument << R"(","direction":")" << (alert.reached ? "up" : "down") << R"(","price":")";
  to.price(alert.price) << R"(","previous":")";
  to.price(alert.previous) << R"(","level":")";
  to.price(alert.level) << R"(","ts_event_ns":)" << alert.ts_event_ns << R"(,"ts_decided_ns":)" << alert.ts_decided_ns
                        << R"(,"text":")" << alert.instrument << (alert.reached ? " reached " : " fell below ");
  to.price(alert.level);
  std::fill(to.at(), frame_.data() + frame_.size() - kEnd.size(), '.');
  return frame_;
}

bool send_frame(int client, std::string_view frame) noexcept {
  while (!frame.empty()) {
    const auto sent = ::send(client, frame.data(), frame.size(), MSG_NOSIGNAL);
    if (sent < 0) return false;
    frame.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

}  // namespace yagura::baselines
