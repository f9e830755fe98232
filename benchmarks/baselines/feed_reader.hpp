// A feed's frames from its socket, by spinning or by epoll. What is cut or glued underway does not show.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "baselines/frame.hpp"
#include "baselines/options.hpp"

namespace yagura::baselines {

class FeedReader {
 public:
  FeedReader(int socket, Wait wait);
  ~FeedReader();
  FeedReader(const FeedReader&) = delete;
  FeedReader& operator=(const FeedReader&) = delete;

  // Waits for bytes. False when there will be none: the feed closed, or stdin did.
  [[nodiscard]] bool wait();

  // The next complete frame; its payload is valid until wait(). Nothing: wait() for more.
  [[nodiscard]] std::optional<Frame> next() noexcept {
    const auto frame = first_frame({buffer_.get() + begin_, end_ - begin_});
    if (frame) begin_ += frame->size;
    return frame;
  }

 private:
  // As large as a busy feed's burst: 16 KiB or more made no difference, 4 KiB cost saturation.
  static constexpr std::size_t kCapacity = 64 * 1024;

  [[nodiscard]] bool spin();
  [[nodiscard]] bool block();

  int socket_;
  Wait wait_;
  int epoll_ = -1;
  std::unique_ptr<char[]> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace yagura::baselines
