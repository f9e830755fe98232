#include "app/journal_reading.hpp"

namespace yagura::app {

// The connection is closed between questions: it holds no part of the journal back.
bool JournalReading::ask(Work work) {
  return thread_.run([this, work = std::move(work)] {
    auto query = alerts::AlertQuery::open(file_);
    if (query)
      work(&*query);
    else
      work(Error{query.error().message});
  });
}

}  // namespace yagura::app
