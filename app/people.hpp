// What people do about alerts, done: acknowledgements and silences go into the journal and, once they
// are on the disk, into force. Detector thread; the journal's thread and the one that reads it post
// back to it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "alerts/ack_links.hpp"
#include "alerts/bounded_map.hpp"
#include "alerts/journal.hpp"
#include "alerts/outbox.hpp"
#include "alerts/silences.hpp"
#include "app/journal_reading.hpp"
#include "console/people.hpp"
#include "core/clock.hpp"

namespace yagura::app {

class People final : public console::PeopleDesk {
 public:
  struct Options {
    std::string public_url;                   // empty: no links
    std::vector<std::string> incident_sinks;  // are told of acknowledgements
    // The first alert of the chain that one belongs to; may be empty.
    std::function<Id128(Id128 alert)> episode_of;
    // A message for every client of the console; may be empty.
    std::function<void(std::string_view message)> announce;
  };

  // All outlive it. Reads what the last runs left; may wait for the disk.
  static Result<std::unique_ptr<People>, alerts::StateError> open(boost::asio::io_context& io, alerts::Journal& journal,
                                                                  const alerts::Catalog& catalog,
                                                                  const alerts::StateDir& state, const Clock& clock,
                                                                  Options options);

  // Who sends; null: nobody. Outlives it, or is taken away first.
  void use(alerts::Outbox* outbox) { outbox_ = outbox; }
  // Null: no public address.
  [[nodiscard]] const alerts::AckLinks* links() const { return links_ ? &*links_ : nullptr; }
  [[nodiscard]] const alerts::Silences& in_force() const { return silences_; }

  void acknowledge(console::AckRequest request, Done done) override;
  void silence(alerts::Silence silence, Done done) override;
  void unsilence(Id128 id, std::string author, std::string reason, Done done) override;
  void resend(std::optional<Id128> id, std::string author, Done done) override;
  void find(Id128 id, FoundAlert found) override;
  void list(alerts::AlertFilter filter, FoundAlerts found) override;
  [[nodiscard]] const console::Ack* ack_of(Id128 episode) const override { return acks_.find(episode); }
  [[nodiscard]] const std::vector<alerts::Silence>& silences() override { return silences_.in_force(clock_.now()); }
  [[nodiscard]] std::vector<console::SinkRow> sinks() override;
  [[nodiscard]] std::uint64_t safe_seq_of(std::int64_t epoch) const override;
  [[nodiscard]] console::LinkState check_link(std::string_view token, Id128& alert, std::string& nonce) override;

 private:
  // Acknowledgements are recalled for so long, and used links for as long as they are good.
  static constexpr std::chrono::days kRecalled{30};
  static constexpr std::size_t kMostAcks = 10'000;

  People(boost::asio::io_context& io, alerts::Journal& journal, const alerts::Catalog& catalog, const Clock& clock,
         Options options)
      : io_(io),
        journal_(journal),
        catalog_(catalog),
        clock_(clock),
        options_(std::move(options)),
        reading_(journal.file()) {}
  [[nodiscard]] Result<void, alerts::StateError> recall();
  void recall(const alerts::Action& action);
  // Stores it; then `stored` is called here with it, or `done` with 503.
  void store(alerts::Action action, const Done& done, std::function<void(const alerts::Action&)> stored);
  void acknowledged(const console::AckRequest& request, const alerts::Action& action);
  [[nodiscard]] std::string unknown_name(const alerts::Silence& silence) const;
  void tell_incident_sinks(const console::AckRequest& request);
  void announce(const alerts::Action& action, std::optional<Id128> alert) const;
  // Work on the reading thread, its answer here.
  template <class Value>
  void look_up(std::function<Result<Value>(alerts::AlertQuery&)> question,
               std::function<void(const Result<Value>&)> answer);
  [[nodiscard]] Id128 new_id(std::string_view what);

  boost::asio::io_context& io_;
  alerts::Journal& journal_;
  const alerts::Catalog& catalog_;
  const Clock& clock_;
  const Options options_;
  alerts::Outbox* outbox_ = nullptr;
  alerts::Silences silences_;
  alerts::BoundedMap<console::Ack> acks_{kMostAcks};  // by episode
  std::optional<alerts::AckLinks> links_;
  std::unordered_set<std::string> used_links_;  // nonces
  std::map<std::int64_t, std::uint64_t> numbers_before_;
  std::uint64_t made_ = 0;                                // ids
  std::shared_ptr<int> alive_ = std::make_shared<int>();  // what is posted looks here first
  JournalReading reading_;                                // last: it stops before what its answers use is gone
};

}  // namespace yagura::app
