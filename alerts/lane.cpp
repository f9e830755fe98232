#include "alerts/lane.hpp"

#include <algorithm>
#include <cmath>

namespace yagura::alerts {

void Lane::add(Delivery delivery, MonoTime now, Timestamp wall) {
  if (refilled_ == MonoTime{}) {
    refilled_ = now;
    tokens_ = options_.rate.burst;
  }
  const auto number = delivery.number;
  auto [it, fresh] = entries_.try_emplace(number, Entry{std::move(delivery), {}, {}});
  if (!fresh) return;
  auto& entry = it->second;
  if (entry.delivery.state != DeliveryState::kPending) {
    dead_.emplace(number, entry.delivery.state);
    entry.place = Entry::Place::kDead;
    if (probe_at_ == MonoTime{}) probe_at_ = now + options_.try_exhausted;
    return;
  }
  entry.ahead = entry.delivery.escalation;
  escalations_ += entry.ahead;
  const auto wait = std::clamp<Duration>(entry.delivery.due - wall, Duration{0}, entry.delivery.delay);
  entry.due = now + wait;
  if (in_order(entry.delivery)) {
    auto& episode = episodes_[entry.delivery.episode];
    episode.push_back(number);
    if (episode.size() > 1) return;
  }
  schedule(entry, entry.due);
}

Lane::Rank Lane::rank(const Entry& entry) const {
  return {options_.in_order ? 0 : -static_cast<int>(entry.delivery.severity), entry.delivery.number};
}

void Lane::schedule(Entry& entry, MonoTime due) {
  entry.due = due;
  entry.place = Entry::Place::kWaiting;
  waiting_.emplace(due, entry.delivery.number);
}

void Lane::leave(Entry& entry) {
  if (entry.place == Entry::Place::kWaiting) waiting_.erase({entry.due, entry.delivery.number});
  if (entry.place == Entry::Place::kReady) ready_.erase(rank(entry));
  if (entry.place == Entry::Place::kFlying) flying_ = false;
  entry.place = Entry::Place::kBlocked;
}

void Lane::refill(MonoTime now) {
  if (options_.rate.per_second <= 0) {
    tokens_ = 1;
    return;
  }
  const auto passed = std::chrono::duration<double>(now - refilled_).count();
  tokens_ = std::min<double>(options_.rate.burst, tokens_ + passed * options_.rate.per_second);
  refilled_ = now;
}

Lane::Next Lane::next(MonoTime now) {
  while (!waiting_.empty() && waiting_.begin()->first <= now) {
    auto& entry = entries_.at(waiting_.begin()->second);
    waiting_.erase(waiting_.begin());
    entry.place = Entry::Place::kReady;
    ready_.insert(rank(entry));
  }
  if (off_ || flying_ || now < not_before_) return {};
  // Nothing else shows whether a place works that took nothing: one dead letter now and then does.
  if (ready_.empty() && now >= probe_at_ && probe_at_ != MonoTime{}) {
    const auto dead =
        std::ranges::find(dead_, DeliveryState::kExhausted, &std::pair<const std::uint64_t, DeliveryState>::second);
    if (dead != dead_.end()) {
      auto& entry = entries_.at(dead->first);
      entry.place = Entry::Place::kReady;
      ready_.insert(rank(entry));
      dead_.erase(dead);
    }
    probe_at_ = now + options_.try_exhausted;
  }
  if (ready_.empty()) return {};
  refill(now);
  if (tokens_ < 1) return {};

  auto& first = entries_.at(ready_.begin()->second);
  Next next;
  const bool last_token = options_.rate.per_second > 0 && tokens_ < 2;
  const auto foldable = [&](std::uint64_t number) {
    const auto& letter = entries_.at(number).delivery;
    return letter.purpose == Letter::Purpose::kAlert && letter.severity != Severity::kCritical && letter.attempts == 0;
  };
  if (last_token && foldable(first.delivery.number) && ready_.size() >= options_.fold_from) {
    for (const auto& [severity, number] : ready_) {
      if (next.fold.size() < options_.fold_at_most && foldable(number)) next.fold.push_back(number);
    }
    if (next.fold.size() >= options_.fold_from) {
      std::ranges::sort(next.fold);
      return next;
    }
    next.fold.clear();
  }
  tokens_ -= 1;
  leave(first);
  first.place = Entry::Place::kFlying;
  flying_ = true;
  next.send = first.delivery.number;
  return next;
}

std::optional<MonoTime> Lane::wake_at() const {
  if (off_ || flying_) return std::nullopt;
  std::optional<MonoTime> at;
  if (!ready_.empty()) {
    at = refilled_;
    if (tokens_ < 1 && options_.rate.per_second > 0) {
      at = refilled_ +
           std::chrono::duration_cast<Duration>(
               std::chrono::duration<double>((1 - tokens_) / options_.rate.per_second)) +
           std::chrono::milliseconds{1};
    }
  } else if (!waiting_.empty()) {
    at = waiting_.begin()->first;
  }
  if (ready_.empty() && probe_at_ != MonoTime{} && !dead_.empty()) at = at ? std::min(*at, probe_at_) : probe_at_;
  if (at) at = std::max(*at, not_before_);
  return at;
}

// Full jitter (Brooker, "Exponential Backoff And Jitter", AWS 2015): anywhere up to the doubled wait.
Duration Lane::jitter(int failures) {
  const auto doubled = std::ldexp(static_cast<double>(options_.first_wait.count()), std::min(failures - 1, 40));
  const auto most = std::min(doubled, static_cast<double>(options_.longest_wait.count()));
  return Duration{static_cast<std::int64_t>(most * uniform_())};
}

DeliveryChange Lane::change_of(const Entry& entry, Timestamp wall, std::string detail) const {
  return {entry.delivery.number, entry.delivery.state, entry.delivery.attempts, wall,
          entry.delivery.due,    entry.delivery.delay, std::move(detail)};
}

void Lane::unblock(Id128 episode, MonoTime now) {
  const auto it = episodes_.find(episode);
  if (it == episodes_.end()) return;
  if (it->second.empty()) {
    episodes_.erase(it);
    return;
  }
  auto& entry = entries_.at(it->second.front());
  if (entry.place == Entry::Place::kBlocked) schedule(entry, std::max(entry.due, now));
}

// It is no longer in anybody's way.
void Lane::finish(std::uint64_t number, MonoTime now) {
  auto node = entries_.extract(number);
  auto& entry = node.mapped();
  leave(entry);
  escalations_ -= entry.ahead;
  if (!in_order(entry.delivery)) return;
  const auto episode = episodes_.find(entry.delivery.episode);
  if (episode == episodes_.end()) return;
  std::erase(episode->second, number);
  unblock(entry.delivery.episode, now);
}

void Lane::kill(Entry& entry, DeliveryState state, MonoTime now) {
  leave(entry);
  escalations_ -= entry.ahead;
  entry.ahead = false;
  entry.delivery.state = state;
  entry.place = Entry::Place::kDead;
  dead_.emplace(entry.delivery.number, state);
  if (probe_at_ == MonoTime{}) probe_at_ = now + options_.try_exhausted;
  if (!in_order(entry.delivery)) return;
  const auto episode = episodes_.find(entry.delivery.episode);
  if (episode == episodes_.end()) return;
  std::erase(episode->second, entry.delivery.number);
  unblock(entry.delivery.episode, now);
}

DeliveryChange Lane::start_anew(Entry& entry, MonoTime now, Timestamp wall, std::string why) {
  entry.delivery.state = DeliveryState::kPending;
  entry.delivery.attempts = 0;
  entry.delivery.due = wall;
  entry.delivery.delay = Duration{0};
  schedule(entry, now);
  return change_of(entry, wall, std::move(why));
}

void Lane::revive(MonoTime now, Timestamp wall, std::vector<DeliveryChange>& changes) {
  for (auto it = dead_.begin(); it != dead_.end();) {
    auto& entry = entries_.at(it->first);
    if (it->second != DeliveryState::kExhausted) {
      ++it;
      continue;
    }
    it = dead_.erase(it);
    changes.push_back(start_anew(entry, now, wall, "again, because the sink works again"));
  }
}

std::vector<DeliveryChange> Lane::attempted(std::uint64_t number, const Attempt& attempt, MonoTime now,
                                            Timestamp wall) {
  using Result = Attempt::Result;
  std::vector<DeliveryChange> changes;
  auto& entry = entries_.at(number);
  leave(entry);
  auto& letter = entry.delivery;
  ++letter.attempts;
  if (attempt.retry_after) {
    not_before_ =
        std::max(not_before_, now + std::clamp<Duration>(*attempt.retry_after, Duration{0}, options_.longest_asked));
  }
  if (attempt.result == Result::kDelivered) {
    failures_ = 0;
    letter.state = DeliveryState::kDelivered;
    changes.push_back(change_of(entry, wall, attempt.detail));
    finish(number, now);
    revive(now, wall, changes);
    return changes;
  }
  last_problem_ = attempt.detail;
  if (entry.cancelled) {
    finish(number, now);
    return changes;
  }
  if (attempt.result == Result::kRefused) {
    failures_ = 0;
    kill(entry, DeliveryState::kRefused, now);
    changes.push_back(change_of(entry, wall, attempt.detail));
    return changes;
  }
  if (attempt.result == Result::kGone) off_ = true;
  ++failures_;
  if (letter.attempts >= options_.tries && !off_) {
    kill(entry, DeliveryState::kExhausted, now);
  } else {
    letter.state = DeliveryState::kPending;
    letter.delay = jitter(letter.attempts);
    letter.due = wall + letter.delay;
    schedule(entry, now + letter.delay);
  }
  if (down()) not_before_ = std::max(not_before_, now + jitter(failures_ - options_.down_after + 1));
  changes.push_back(change_of(entry, wall, attempt.detail));
  return changes;
}

std::vector<DeliveryChange> Lane::folded(const std::vector<std::uint64_t>& numbers, Id128 summary, Timestamp wall) {
  std::vector<DeliveryChange> changes;
  for (const auto number : numbers) {
    auto& entry = entries_.at(number);
    entry.delivery.state = DeliveryState::kFolded;
    changes.push_back(change_of(entry, wall, "in summary " + to_string(summary)));
    finish(number, refilled_);
  }
  return changes;
}

void Lane::cancel(Id128 episode) {
  std::vector<std::uint64_t> gone;
  for (auto& [number, entry] : entries_) {
    if (!entry.delivery.escalation || entry.delivery.episode != episode) continue;
    if (entry.place == Entry::Place::kFlying)
      entry.cancelled = true;
    else
      gone.push_back(number);
  }
  for (const auto number : gone) {
    dead_.erase(number);
    finish(number, refilled_);
  }
}

std::vector<DeliveryChange> Lane::withdraw(Id128 id, Timestamp wall) {
  std::vector<DeliveryChange> changes;
  for (auto& [number, entry] : entries_) {
    if (entry.delivery.escalation || entry.delivery.id != id || entry.place == Entry::Place::kFlying) continue;
    entry.delivery.state = DeliveryState::kCancelled;
    changes.push_back(change_of(entry, wall, "taken by the sink it stands for"));
  }
  for (const auto& change : changes) {
    dead_.erase(change.number);
    finish(change.number, refilled_);
  }
  return changes;
}

std::vector<DeliveryChange> Lane::resend(Id128 id, MonoTime now, Timestamp wall) {
  std::vector<DeliveryChange> changes;
  for (auto it = dead_.begin(); it != dead_.end();) {
    auto& entry = entries_.at(it->first);
    if (!id.empty() && entry.delivery.id != id) {
      ++it;
      continue;
    }
    it = dead_.erase(it);
    changes.push_back(start_anew(entry, now, wall, "sent again by hand"));
  }
  return changes;
}

std::optional<Timestamp> Lane::oldest() const {
  for (const auto& [number, entry] : entries_) {
    if (entry.place != Entry::Place::kDead && !entry.delivery.escalation) return entry.delivery.created;
  }
  return std::nullopt;
}

}  // namespace yagura::alerts
