// Answers to questions about past prices. What memory has is copied on the detector thread, which takes
// less than a tenth of a millisecond; a thread of its own reads what is older from the journal, folds and
// encodes.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "app/background.hpp"
#include "app/price_keeper.hpp"
#include "console/price_desk.hpp"

namespace yagura::app {

class PriceAnswers final : public console::PriceDesk {
 public:
  // As many may wait; each holds up to 512 KiB that were copied for it.
  static constexpr std::size_t kMost = 32;
  // What has waited as long is not looked for any more: the server told the asker 503 by then (defer_timeout
  // of core/net/ws_server.hpp).
  static constexpr auto kPatience = std::chrono::seconds{5};

  // All outlive it; `io` is the detector thread's.
  PriceAnswers(boost::asio::io_context& io, const PriceKeeper& keeper, std::filesystem::path journal,
               std::vector<std::string> symbols, Duration patience = kPatience)
      : io_(io), keeper_(keeper), journal_(std::move(journal)), symbols_(std::move(symbols)), patience_(patience) {}

  // Detector thread, as all of the public part.
  [[nodiscard]] const std::vector<std::string>& symbols() const override { return symbols_; }
  void candles(const console::CandleQuestion& question, Answer answer) override;
  void ticks(const console::TickQuestion& question, Answer answer) override;

 private:
  // `find` on the thread of its own, its outcome to `answer` here.
  void run(std::function<Result<std::string>()> find, Answer answer);
  Result<std::string> guarded(const std::function<Result<std::string>()>& find);

  boost::asio::io_context& io_;
  const PriceKeeper& keeper_;
  const std::filesystem::path journal_;
  const std::vector<std::string> symbols_;
  const Duration patience_;
  bool failed_ = false;                                   // said so already; of the thread
  std::shared_ptr<int> alive_ = std::make_shared<int>();  // what is posted looks here first
  Background background_{"history", kMost};               // last: it stops before what its work uses is gone
};

}  // namespace yagura::app
