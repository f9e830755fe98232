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
  // As many may wait as the console's server lets wait.
  static constexpr std::size_t kMost = 256;

  // All outlive it; `io` is the detector thread's.
  PriceAnswers(boost::asio::io_context& io, const PriceKeeper& keeper, std::filesystem::path journal,
               std::vector<std::string> symbols)
      : io_(io), keeper_(keeper), journal_(std::move(journal)), symbols_(std::move(symbols)) {}

  // Detector thread, as all of the public part.
  [[nodiscard]] const std::vector<std::string>& symbols() const override { return symbols_; }
  void candles(const console::CandleQuestion& question, Answer answer) override;
  void ticks(const console::TickQuestion& question, Answer answer) override;

 private:
  // `find` on the thread of its own, its outcome to `answer` here.
  void run(std::function<Result<std::string>()> find, Answer answer);

  boost::asio::io_context& io_;
  const PriceKeeper& keeper_;
  const std::filesystem::path journal_;
  const std::vector<std::string> symbols_;
  std::shared_ptr<int> alive_ = std::make_shared<int>();  // what is posted looks here first
  Background background_{"history", kMost};               // last: it stops before what its work uses is gone
};

}  // namespace yagura::app
