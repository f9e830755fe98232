#include "config/schema.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace yagura::config {
namespace {

constexpr auto kSchema = std::to_array<KeySpec>({
    {"", "instrument", "tables", "required", "What is watched: `[instrument.SYMBOL]`."},
    {"", "feed", "array of tables", "none", "Where ticks come from: `[[feed]]`."},
    {"", "rule", "array of tables", "none", "What to say: `[[rule]]`."},
    {"", "calendar", "table", "the shipped ones", "Hours and holidays from files of your own."},
    {"", "pipeline", "table", "defaults", "Queue and threads."},
    {"", "console", "table", "defaults", "Web page, API and WebSocket."},
    {"", "journal", "table", "defaults", "What is kept across restarts."},
    {"", "log", "table", "defaults", "Diagnostics on stderr."},
    {"", "delivery", "table", "defaults",
     "What of the alerts is delivered: [What is delivered](alerts.md#what-is-delivered)."},
    {"", "notify", "table", "none", "Where `yagura notify` takes alerts from: a NATS stream."},
    {"", "publish", "table", "none", "Where `yagura relay` sends ticks to: NATS."},
    {"", "sink", "array of tables", "none", "Where alerts go besides the screen: `[[sink]]`."},

    {"instrument.*", "name", "string", "the symbol", "What people read: \"Nikkei 225\"."},
    {"instrument.*", "name_ja", "string", "`name`", "The same in Japanese."},
    {"instrument.*", "tick", "price", "\"0.01\"", "Smallest step of the quote."},
    {"instrument.*", "pip", "price", "10 ticks",
     "Unit of the desk's talk; limits of the outlier filter are in pips for `fx`."},
    {"instrument.*", "calendar", "\"tse\", \"ose\", \"fx\", \"always\"", "\"always\"",
     "Hours, trading dates and segments."},
    {"instrument.*", "filter", "true, false", "true", "Quarantine of outliers; false keeps the hard rules only."},
    {"instrument.*", "gap_after", "duration", "off",
     "A tick after so long a silence inside a segment is marked as coming after a gap."},
    {"instrument.*", "series", "expression", "none",
     "Made from others, with + - * /, left to right, * and / first: \"NI225 / USDJPY\". No feed, no series among "
     "them."},
    {"instrument.*", "max_age", "duration 1s to 24h", "\"5m\"",
     "Of a series: so far one instrument may be behind the newest; else there is no price."},

    {"feed", "name", "string", "required", "Unique."},
    {"feed", "vendor", "vendor", "required", "One of `yagura check`'s list."},
    {"feed", "url", "ws:// or wss:// address", "the vendor's own",
     "Where to connect; http:// or https:// for `oanda`, nats:// or tls:// for `nats`."},
    {"feed", "symbols", "table", "required", "Ours = theirs: `{ USDJPY = \"USD_JPY\" }`."},
    {"feed", "priority", "integer 1 to 99", "1", "Among feeds of one instrument the lowest speaks."},
    {"feed", "silence", "duration", "the vendor's own, else \"60s\"",
     "Nothing received for so long: the connection is given up and made anew."},
    {"feed", "ca_file", "path", "the system's", "Certificates to trust, PEM."},
    {"feed", "token_env", "variable", "none", "Environment variable with the vendor's key or access token."},
    {"feed", "token_file", "path", "none", "File with it instead, closed to others (mode 0600 or 0640)."},
    {"feed", "user", "name", "none", "Whom the password belongs to."},
    {"feed", "password_env", "variable", "none", "Environment variable with the password."},
    {"feed", "password_file", "path", "none", "File with it instead, closed to others (mode 0600 or 0640)."},
    {"feed", "account", "name", "none", "Which of the user's accounts."},
    {"feed", "proxy", "http:// address or \"none\"", "the environment's",
     "HTTP proxy to go through, without its password; \"none\" leaves HTTPS_PROXY, HTTP_PROXY and NO_PROXY aside."},
    {"feed", "proxy_env", "variable", "none",
     "Environment variable with the proxy's address and password: `http://user:password@host:port`."},
    {"feed", "json", "table", "none", "How to read the frames, for `vendor = \"json\"`: the next table."},
    {"feed", "login_url", "http:// or https:// address", "the vendor's own",
     "Where the calls of a log-in go, of vendors that have one."},

    {"feed json", "subscribe", "texts", "none",
     "Sent on every new connection, a string or a list. `{symbol}` in one: once for each symbol; `{symbols}`: the list "
     "of all, `[\"A\", \"B\"]`; `{token}`: the key."},
    {"feed json", "unsubscribe", "texts", "none", "Sent before a polite goodbye."},
    {"feed json", "header", "header", "none", "Of the opening request: \"Authorization: Bearer {token}\"."},
    {"feed json", "heartbeat", "string", "none", "Sent when nothing else was for `heartbeat_every`."},
    {"feed json", "heartbeat_every", "duration 1s to 1h", "\"30s\"", "How often."},
    {"feed json", "list", "JSON pointer", "none",
     "The list of events in a frame; the pointers below begin at each of them. Without it a frame is one event."},
    {"feed json", "symbol", "JSON pointer", "required",
     "The symbol, as in `symbols`; may be left out by a feed of one symbol."},
    {"feed json", "price", "JSON pointer", "-", "Last or mid price; this, or `bid` and `ask`."},
    {"feed json", "bid", "JSON pointer", "-", "Best bid."},
    {"feed json", "ask", "JSON pointer", "-", "Best ask."},
    {"feed json", "time", "JSON pointer", "none", "Time of the event; without it the time of receipt counts."},
    {"feed json", "time_unit", "\"s\", \"ms\", \"us\", \"ns\", \"iso8601\"", "\"ms\"",
     "Since 1970, or a text with its zone."},
    {"feed json", "seq", "JSON pointer", "none", "Sequence number of the feed."},
    {"feed json", "error", "JSON pointer", "none",
     "From the root of a frame: what the vendor complains of. Null, false and \"\" are no complaint."},

    {"rule", "id", "a-z, 0-9, -", "required", "Unique; part of every alert's id."},
    {"rule", "kind",
     "\"milestone\", \"level\", \"record\", \"move\", \"stale\", \"cusum\", \"divergence\", \"intervention\", "
     "\"period\"",
     "required", "Which detector."},
    {"rule", "instrument", "symbol", "required", "One of the `[instrument.*]` tables."},

    {"rule", "repeat", "\"always\", \"episode\", \"segment\", \"once\"", "\"always\"",
     "How often one thing (event and level, horizon or window) is delivered: whenever it fires, once with its "
     "follow-ups, once a segment of the calendar, once for ever."},
    {"rule", "delivery_cooldown", "duration", "\"0s\"",
     "Least time between two deliveries of one thing; a more severe one does not wait."},
    {"rule", "expires", "date, time or days", "never",
     "Delivered up to and with this trading date (`\"2026-12-31\"`), before this time "
     "(`\"2026-12-31T15:00:00+09:00\"`), or for so many trading days (`\"5d\"`)."},
    {"rule", "mute", "array of windows", "none", "When this rule's alerts are not delivered; as in `[delivery]`."},
    {"rule", "sinks", "array of strings", "all",
     "Names of sinks this rule's alerts go to, in the order of escalation; also such as want to be named."},
    {"rule", "escalate_after", "duration 1s to 1d", "off",
     "Severe alerts (`high`, `critical`) go to the first of `sinks` at once and to each next one so much later, until "
     "somebody acknowledges them; of critical ones the last is reminded."},

    {"rule milestone", "step", "price", "required", "Levels are its multiples."},
    {"rule milestone", "rearm", "price", "10 pips (fx); else 0.10 %",
     "Band h around a level: within it a crossing is not settled and not repeated."},
    {"rule milestone", "rearm_pct", "percent", "-", "The same as a percentage of the level; one of the two."},
    {"rule milestone", "cooldown", "duration", "\"10m\"",
     "Least time between repeats of one event of one level; never delays a first-ever."},
    {"rule milestone", "directions", "\"up\", \"down\", \"both\"", "\"both\"", "Which side to report."},
    {"rule milestone", "near", "price", "off", "A note when the price comes this close from below."},
    {"rule milestone", "near_pct", "percent", "off", "The same as a percentage of the level."},
    {"rule milestone", "close", "true, false", "false",
     "Report levels between two successive closes at the session's end."},

    {"rule level", "levels", "array", "none",
     "`{ price = \"160\", note = \"intervention zone\", once = false }`, or prices alone."},
    {"rule level", "levels_file", "path", "none", "`price[,note]` a line, relative to this file; up to a million."},
    {"rule level", "rearm", "price", "10 pips (fx); else 0.10 %", "As for milestones."},
    {"rule level", "rearm_pct", "percent", "-", "As for milestones."},
    {"rule level", "cooldown", "duration", "\"10m\"", "As for milestones."},
    {"rule level", "directions", "\"up\", \"down\", \"both\"", "\"both\"", "As for milestones."},
    {"rule level", "near", "price", "off", "As for milestones."},
    {"rule level", "near_pct", "percent", "off", "As for milestones."},
    {"rule level", "close", "true, false", "false", "As for milestones."},

    {"rule record", "horizons", "array of \"all_time\", \"52w\", \"ytd\", \"week\", \"session\"", "all five",
     "Without imported history `all_time` is reported as `since_start`."},
    {"rule record", "basis", "\"intraday\", \"close\"", "\"intraday\"",
     "`close`: one judgement a session, on its closing price."},
    {"rule record", "sides", "\"high\", \"low\", \"both\"", "\"high\"", "Highs, lows or both."},
    {"rule record", "step", "price", "20 pips (fx); else 0.20 %",
     "A later record of the session must be this far beyond the last alerted one."},
    {"rule record", "step_pct", "percent", "-", "The same as a percentage of the last alerted price."},
    {"rule record", "min_gap", "duration", "\"60s\"", "And this long after it."},

    {"rule move", "windows", "array", "required",
     "`{ window = \"60s\", threshold = \"0.25\" }` or with `threshold_pct`."},
    {"rule move", "min_z", "number 0 to 100", "0",
     "Least size in standard deviations of what the window usually brings at that hour; 0: the threshold alone "
     "decides."},

    {"rule cusum", "grid", "duration 1s to 10m", "\"5s\"", "Returns are taken this far apart."},
    {"rule cusum", "k", "number 0 to 4", "0.5", "Taken off each step, in standard deviations: half the drift to find."},
    {"rule cusum", "h", "number above 0 to 1000", "12 (fx); else 10",
     "Reports when the sum of what is left exceeds it."},

    {"rule divergence", "against", "symbol", "required", "The other instrument."},
    {"rule divergence", "window", "duration 2m to 4h", "\"15m\"", "Changes are compared over it; whole minutes."},
    {"rule divergence", "half_life", "duration 10m to 1d", "\"60m\"",
     "What is that old counts half in beta and correlation."},
    {"rule divergence", "z", "number 1 to 100", "4",
     "Least residual, in standard deviations of those of the last 20 sessions."},
    {"rule divergence", "min_own_pct", "percent", "0.5",
     "The instrument has moved so far within the window, or the other one as follows."},
    {"rule divergence", "min_other_pct", "percent", "0.3", "So far the other one."},
    {"rule divergence", "coupling_z", "number 0 to 100", "3",
     "Least change of the correlation against the last 20 sessions, in standard deviations; 0: off."},
    {"rule divergence", "joint_z", "number 0 to 100", "5",
     "Both move so many standard deviations of five minutes within two; 0: off."},

    {"rule stale", "after", "duration 1s to 24h", "what is usual",
     "Silence that counts while data is due: 30 s for an index; for others four times the longest usual gap of that "
     "hour, at least 10 s and at most 120 s."},
    {"rule stale", "for", "duration", "0s",
     "Delivered only after it has lasted so long; a recovery before cancels both."},
    {"rule stale", "keep_firing", "duration", "0s",
     "A recovery is delivered only when it has held so long; flapping inside is one alert."},

    {"rule intervention", "zones", "array of prices", "none",
     "Where it is expected: a push from near one, or from above, scores."},
    {"rule intervention", "sides", "\"fall\", \"rise\", \"both\"", "\"fall\"", "Yen buying, yen selling or both."},
    {"rule intervention", "crosses", "array of symbols", "none",
     "Other yen pairs, which go along when it is the yen's doing."},
    {"rule intervention", "eurusd", "symbol", "none",
     "The euro against the dollar, which then hardly moves; with `crosses`."},
    {"rule intervention", "events_file", "path", "none",
     "Scheduled releases, `time,name` a line, the time with its zone; relative to this file."},

    {"rule period", "since", "\"ytd\"", "-",
     "Percent since the last close of the year before; this, `months` or `days`."},
    {"rule period", "months", "integer 1 to 120", "-", "Since the close of the same day so many months ago."},
    {"rule period", "days", "integer 1 to 3650", "-", "Since the close of so many calendar days ago."},
    {"rule period", "step_pct", "percent", "5", "Every multiple is said, away from the reference."},
    {"rule period", "rearm_pct", "percent", "a fifth of `step_pct`",
     "A multiple is crossed anew only after the price went back by so much of the reference."},
    {"rule period", "directions", "\"up\", \"down\", \"both\"", "\"both\"", "Rises, falls or both."},

    {"rule level entry", "price", "price", "required", "The level."},
    {"rule level entry", "note", "string", "none", "Said with the alert."},
    {"rule level entry", "once", "true, false", "false", "Gone after its first reached or lost."},

    {"rule move window", "window", "duration 1s to 24h", "required", "Length."},
    {"rule move window", "threshold", "price", "-", "In price units; this or the next."},
    {"rule move window", "threshold_pct", "percent", "-", "As a percentage of the window's extreme."},

    {"calendar", "tse", "path", "the shipped one",
     "Tokyo's cash market; also the holidays of Osaka and of currencies."},
    {"calendar", "ose", "path", "the shipped one", "Osaka's futures."},
    {"calendar", "fx", "path", "the shipped one", "Currencies."},

    {"pipeline", "queue_capacity", "integer 64 to 1048576", "65536",
     "Ticks between feed and detectors. None wait with `workers = 0`."},
    {"pipeline", "on_full", "\"fold\", \"wait\"", "\"fold\"",
     "`fold`: keep first, lowest, highest and last per instrument. `wait`: read no further until there is room, for "
     "exact replays at any speed."},
    {"pipeline", "wait", "\"auto\", \"spin\", \"yield\", \"block\"", "\"auto\"",
     "How the threads of feeds and detectors wait: `spin` burns a core each for the last microseconds (with `workers = "
     "0` "
     "one, with 1 two: on 2 cores they then leave nothing to a browser); `yield` spins for 50 us after traffic, then "
     "blocks; `block` sleeps in the kernel; `auto` is `yield` with 4 cores or more, else `block`."},
    {"pipeline", "workers", "integer 0 to 64", "1",
     "Threads that decide. More than 1: instruments are dealt out among them in the order of their tables, and a batch "
     "of 64 ticks or more is shared; 0: the feed's own thread decides each tick as it reads it. The alerts are the "
     "same for any number."},
    {"pipeline", "future_limit", "duration or \"off\"", "\"2s\"",
     "A live tick further ahead of our clock than this is refused."},
    {"pipeline", "cpus", "table", "none",
     "Cores to pin threads to, counted from 0: `{ feeds = 0, detector = 1 }`. Of these, `realtime` and `lock_memory`, "
     "what the machine does not grant is said at the start and by `yagura check`, with what would permit it; the "
     "monitor runs without."},
    {"pipeline", "realtime", "true, false", "false",
     "Run the threads of feeds and detectors as SCHED_FIFO 10, before everything ordinary. Not done where threads "
     "that spin would take every core."},
    {"pipeline", "lock_memory", "true, false", "false",
     "Touch all memory at the start and keep it from being paged out (mlockall): no page fault on the path of a tick. "
     "Takes 8 MiB for each thread's stack."},
    {"pipeline cpus", "feeds", "integer 0 to 1023", "none", "Core of the thread that reads the feeds."},
    {"pipeline cpus", "detector", "integer 0 to 1023", "none", "Core of the thread that decides."},

    {"console", "enabled", "true, false", "true", "Serve the console at all."},
    {"console", "listen", "address:port", "\"127.0.0.1:8225\"",
     "Off loopback needs a token, and `insecure = true` while there is no TLS here."},
    {"console", "token_env", "variable", "none",
     "Environment variable with the access token: its owner may look and change (role `operate`)."},
    {"console", "token_file", "path", "none", "File with the access token, mode 0600."},
    {"console", "read_token_env", "variable", "none",
     "Environment variable with a token that may only look (role `read`); needs the other one beside it."},
    {"console", "read_token_file", "path", "none", "File with it instead, mode 0600."},
    {"console", "public_url", "https:// address", "none",
     "Where people reach the console from outside, through a proxy with TLS, such as `\"https://desk.example\"`. "
     "Letters "
     "then carry a link that acknowledges their alert: signed, good once, for a week."},
    {"console", "insecure", "true, false", "false", "Allow plain HTTP off loopback."},
    {"console", "hosts", "array of strings", "none",
     "Names under which a proxy or DNS reaches the console, without port; requests for other names are refused."},

    {"journal", "keep", "duration 1d to 100 years", "\"400d\"",
     "Alerts older than this are removed, bite by bite; so are candles and the ticks around alerts."},
    {"journal", "keep_minutes", "duration 1d to 100 years", "\"60d\"",
     "One-minute candles that are so much older than the newest of their instrument are removed: some 70 KB a day and "
     "instrument."},
    {"journal", "snapshot_every", "duration", "\"1s\"", "How often the detectors' state is stored when nothing fires."},
    {"journal", "ring", "integer 0 to 1048576", "65536",
     "Entries of the crash ring, 128 bytes each: a power of two, at least 1,024; `0`: none. What is newer than the "
     "stored state comes back from it after a crash."},

    {"delivery", "mute", "array of windows", "none",
     "When nothing is delivered, critical alerts excepted: segments (`\"opening\"`, `\"morning\"`, `\"lunch\"`, "
     "`\"afternoon\"`, `\"close\"`, `\"day\"`, `\"night\"`, `\"closed\"`), tags of currencies (`\"rollover\"`, "
     "`\"thin\"`, "
     "`\"tokyo_holiday\"`), hours in Tokyo (`\"08:00-08:45\"`; UTC for `always`), weekdays (`\"sat\"`, `\"mon-fri\"`), "
     "or "
     "both (`\"fri 22:00-06:00\"`)."},
    {"delivery", "mute_critical", "true, false", "false", "Mute windows hold critical alerts, too."},
    {"delivery", "storm", "table", "off",
     "`{ alerts = 10, within = \"60s\" }`: beyond so many of one instrument the critical go out one by one, the rest "
     "as one summary."},
    {"delivery storm", "alerts", "integer 1 to 1000", "10", "The budget."},
    {"delivery storm", "within", "duration 1s to 1h", "\"60s\"", "The time it is for, and between summaries."},

    {"log", "level", "\"debug\", \"info\", \"warn\", \"error\"", "\"info\"", "Least level shown."},
    {"log", "format", "\"auto\", \"text\", \"json\"", "\"auto\"",
     "`json`: one JSON object a line. `auto`: that where stderr is systemd's journal, text elsewhere."},

    {"notify", "servers", "array of strings", "required",
     "`[\"nats://host:4222\"]`, several of one cluster; tls:// for TLS."},
    {"notify", "user", "string", "none", "With `password_env` or `password_file`."},
    {"notify", "password_env", "variable", "none", "Environment variable with the password."},
    {"notify", "password_file", "path", "none", "File with the password, mode 0600."},
    {"notify", "token_env", "variable", "none", "Environment variable with a token, instead of a user."},
    {"notify", "token_file", "path", "none", "File with the token, mode 0600."},
    {"notify", "credentials_file", "path", "none", "Credentials (JWT and seed) as `nsc` writes them."},
    {"notify", "ca_file", "path", "the system's",
     "PEM of the authorities to believe; TLS is then wanted of every server."},
    {"notify", "stream", "name", "\"YAGURA\"", "JetStream stream; made if it is not there."},
    {"notify", "subject", "string", "\"yagura.alerts\"", "What the monitors' sinks of kind nats publish under."},
    {"notify", "timeout", "duration 100ms to 60s", "\"5s\"", "For a connection."},

    {"publish", "servers", "array of strings", "required",
     "`[\"nats://host:4222\"]`, several of one cluster; tls:// for TLS."},
    {"publish", "user", "string", "none", "With `password_env` or `password_file`."},
    {"publish", "password_env", "variable", "none", "Environment variable with the password."},
    {"publish", "password_file", "path", "none", "File with the password, mode 0600."},
    {"publish", "token_env", "variable", "none", "Environment variable with a token, instead of a user."},
    {"publish", "token_file", "path", "none", "File with the token, mode 0600."},
    {"publish", "credentials_file", "path", "none", "Credentials (JWT and seed) as `nsc` writes them."},
    {"publish", "ca_file", "path", "the system's",
     "PEM of the authorities to believe; TLS is then wanted of every server."},
    {"publish", "subject", "string", "\"yagura.ticks\"", "Ticks go to this and the instrument: `yagura.ticks.USDJPY`."},

    {"sink", "name", "string", "required", "Unique; what rules call it."},
    {"sink", "kind",
     "\"file\", \"webhook\", \"slack\", \"discord\", \"telegram\", \"line\", \"pagerduty\", \"ntfy\", \"email\", "
     "\"exec\", \"desktop\", \"nats\"",
     "required", "What it is; each has keys of its own, below. [Sinks](sinks.md) has an example of each."},
    {"sink", "deliver", "\"all\", \"filtered\"", "by kind",
     "Every alert, as an archive wants (`file`, `nats`), or what is delivered (all others)."},
    {"sink", "severity", "\"info\", \"low\", \"high\", \"critical\"", "\"info\"", "Nothing less severe goes there."},
    {"sink", "only_named", "true, false", "false", "Gets only alerts of rules that name it."},
    {"sink", "fallback_for", "string", "none",
     "Name of a sink, such as one of kind `nats`, that this one stands for: it is told only what that one has not "
     "taken."},
    {"sink", "fallback_after", "duration 1s to 1h", "\"10s\"", "How long that one has."},
    {"sink", "lang", "\"en\", \"ja\"", "\"en\"", "The language of its letters."},
    {"sink", "rate", "rate", "by kind",
     "Letters in a time, `\"1/s\"`, `\"20/min\"`, `\"500/h\"`, or `\"off\"`. When it is spent, critical alerts go "
     "first and the rest becomes one summary."},
    {"sink", "burst", "integer 1 to 10000", "by kind", "So many at once before the rate counts."},
    {"sink", "title", "template", "the alert's own",
     "Words of the title, with `{{fields}}`: [templates](alerts.md#templates)."},
    {"sink", "text", "template", "the alert's own", "Words of the text."},
    {"sink file", "path", "path", "required",
     "The file, appended to, one JSON object a line; relative to the working directory."},
    {"sink file", "rotate", "\"off\", \"daily\"", "\"off\"", "A new file at midnight UTC."},
    {"sink file", "rotate_mb", "integer 0 to 1000000", "0", "A new file beyond so many MiB; 0: never."},
    {"sink file", "keep", "integer 0 to 10000", "0", "Rotated files that are kept; 0: all."},
    {"sink webhook", "url", "http:// or https:// address", "none", "Where alerts are posted."},
    {"sink webhook", "url_env", "variable", "none", "Environment variable with the address, where it is a secret."},
    {"sink webhook", "url_file", "path", "none", "File with it instead, closed to others."},
    {"sink webhook", "secret_env", "variable", "none", "Environment variable with the key that signs."},
    {"sink webhook", "secret_file", "path", "none", "File with it instead, closed to others."},
    {"sink webhook", "old_secret_env", "variable", "none",
     "Environment variable with the key before it, which signs as well while receivers change over."},
    {"sink webhook", "old_secret_file", "path", "none", "File with it instead, closed to others."},
    {"sink webhook", "ca_file", "path", "the system's", "Certificates to trust, PEM."},
    {"sink webhook", "proxy", "http:// address or \"none\"", "the environment's", "HTTP proxy to go through."},
    {"sink webhook", "timeout", "duration 100ms to 5m", "\"10s\"", "One attempt, all of it."},
    {"sink slack", "url", "http:// or https:// address", "none", "The incoming webhook."},
    {"sink slack", "url_env", "variable", "none", "Environment variable with the address, where it is a secret."},
    {"sink slack", "url_file", "path", "none", "File with it instead, closed to others."},
    {"sink slack", "ca_file", "path", "the system's", "Certificates to trust, PEM."},
    {"sink slack", "proxy", "http:// address or \"none\"", "the environment's", "HTTP proxy to go through."},
    {"sink slack", "timeout", "duration 100ms to 5m", "\"10s\"", "One attempt, all of it."},
    {"sink discord", "url", "http:// or https:// address", "none", "The channel's webhook."},
    {"sink discord", "url_env", "variable", "none", "Environment variable with the address, where it is a secret."},
    {"sink discord", "url_file", "path", "none", "File with it instead, closed to others."},
    {"sink discord", "ca_file", "path", "the system's", "Certificates to trust, PEM."},
    {"sink discord", "proxy", "http:// address or \"none\"", "the environment's", "HTTP proxy to go through."},
    {"sink discord", "timeout", "duration 100ms to 5m", "\"10s\"", "One attempt, all of it."},
    {"sink telegram", "token_env", "variable", "required", "Environment variable with the bot's token."},
    {"sink telegram", "token_file", "path", "required", "File with it instead, closed to others."},
    {"sink telegram", "chat", "string", "required", "Id or @name of the chat."},
    {"sink telegram", "api", "http:// or https:// address", "\"https://api.telegram.org\"",
     "Another server of the Bot API."},
    {"sink telegram", "ca_file", "path", "the system's", "Certificates to trust, PEM."},
    {"sink telegram", "proxy", "http:// address or \"none\"", "the environment's", "HTTP proxy to go through."},
    {"sink telegram", "timeout", "duration 100ms to 5m", "\"10s\"", "One attempt, all of it."},
    {"sink line", "token_env", "variable", "required", "Environment variable with the channel access token."},
    {"sink line", "token_file", "path", "required", "File with it instead, closed to others."},
    {"sink line", "to", "string", "required", "Id of the user, group or room."},
    {"sink line", "api", "http:// or https:// address", "\"https://api.line.me\"",
     "Another address of the Messaging API."},
    {"sink line", "ca_file", "path", "the system's", "Certificates to trust, PEM."},
    {"sink line", "proxy", "http:// address or \"none\"", "the environment's", "HTTP proxy to go through."},
    {"sink line", "timeout", "duration 100ms to 5m", "\"10s\"", "One attempt, all of it."},
    {"sink pagerduty", "routing_key_env", "variable", "required",
     "Environment variable with the integration key (Events API v2)."},
    {"sink pagerduty", "routing_key_file", "path", "required", "File with it instead, closed to others."},
    {"sink pagerduty", "api", "http:// or https:// address", "\"https://events.pagerduty.com\"",
     "Another region: `https://events.eu.pagerduty.com`."},
    {"sink pagerduty", "ca_file", "path", "the system's", "Certificates to trust, PEM."},
    {"sink pagerduty", "proxy", "http:// address or \"none\"", "the environment's", "HTTP proxy to go through."},
    {"sink pagerduty", "timeout", "duration 100ms to 5m", "\"10s\"", "One attempt, all of it."},
    {"sink ntfy", "server", "http:// or https:// address", "\"https://ntfy.sh\"", "The server."},
    {"sink ntfy", "topic", "string", "required", "The topic; whoever knows it may read it."},
    {"sink ntfy", "token_env", "variable", "none", "Environment variable with an access token."},
    {"sink ntfy", "token_file", "path", "none", "File with it instead, closed to others."},
    {"sink ntfy", "ca_file", "path", "the system's", "Certificates to trust, PEM."},
    {"sink ntfy", "proxy", "http:// address or \"none\"", "the environment's", "HTTP proxy to go through."},
    {"sink ntfy", "timeout", "duration 100ms to 5m", "\"10s\"", "One attempt, all of it."},
    {"sink email", "server", "smtp:// or smtps:// address", "required",
     "`smtp://host:587` with STARTTLS, or `smtps://host:465`."},
    {"sink email", "starttls", "true, false", "true", "Of `smtp://`; false only for a relay on this machine."},
    {"sink email", "from", "string", "required", "Sender."},
    {"sink email", "to", "array of strings", "required", "Receivers."},
    {"sink email", "user", "name", "none", "Who logs in."},
    {"sink email", "password_env", "variable", "none", "Environment variable with the password."},
    {"sink email", "password_file", "path", "none", "File with it instead, closed to others."},
    {"sink email", "ca_file", "path", "the system's", "Certificates to trust, PEM."},
    {"sink email", "chart", "true, false", "true", "A small picture of the price."},
    {"sink email", "timeout", "duration 100ms to 5m", "\"30s\"", "One attempt, all of it."},
    {"sink exec", "command", "array of strings", "required",
     "The program and its arguments, no shell; the alert's JSON is its standard input."},
    {"sink exec", "pass_env", "array of strings", "none",
     "Variables of ours the program sees besides PATH, HOME, locale, time zone and session."},
    {"sink exec", "timeout", "duration 100ms to 10m", "\"10s\"", "Then it is ended."},
    {"sink desktop", "command", "path", "\"notify-send\"", "The program that shows it."},
    {"sink nats", "servers", "array of strings", "required", "`nats://host:4222` or `tls://host:4222`."},
    {"sink nats", "user", "name", "none", "Who logs in."},
    {"sink nats", "password_env", "variable", "none", "Environment variable with the password."},
    {"sink nats", "password_file", "path", "none", "File with it instead, closed to others."},
    {"sink nats", "token_env", "variable", "none", "Environment variable with a token."},
    {"sink nats", "token_file", "path", "none", "File with it instead, closed to others."},
    {"sink nats", "credentials_file", "path", "none", "A `.creds` file."},
    {"sink nats", "ca_file", "path", "the system's", "Certificates to trust, PEM."},
    {"sink nats", "stream", "string", "\"YAGURA\"", "JetStream stream; made when missing."},
    {"sink nats", "subject", "string", "\"yagura.alerts\"", "`.INSTRUMENT.KIND` is added."},
    {"sink nats", "timeout", "duration 100ms to 5m", "\"5s\"", "For the server's acknowledgement."},

    {"scenario", "name", "string", "required", "Scenario files (`yagura simulate`): what it is called."},
    {"scenario", "synthetic", "true", "true", "Says so."},
    {"scenario", "seed", "integer", "1", "Other seeds draw other ticks between the same points."},
    {"scenario", "until", "time", "required", "End of the script; the demo goes on from there by itself."},
    {"scenario", "history", "table", "none", "Symbol = daily CSV of the days before, relative to the file."},
    {"scenario", "instrument", "array of tables", "required", "`[[instrument]]`."},
    {"scenario instrument", "symbol", "string", "required", "As in the configuration."},
    {"scenario instrument", "kind", "\"index\", \"fx\"", "\"index\"",
     "Prints on a grid in Tokyo's sessions, or quotes all week."},
    {"scenario instrument", "tick", "price", "\"0.01\"", "Every price is a multiple."},
    {"scenario instrument", "spacing", "duration", "\"5s\"", "Between prints; for `fx` on average."},
    {"scenario instrument", "yearly_volatility_pct", "percent", "20", "Of the walk between the points and after them."},
    {"scenario instrument", "spread_min", "price", "\"0.002\"", "Narrowest spread (`fx`)."},
    {"scenario instrument", "spread_max", "price", "\"0.005\"", "Widest; twice that after New York has closed."},
    {"scenario instrument", "closed", "array of dates", "none", "Holidays after the script."},
    {"scenario instrument", "day", "array of tables", "required", "`[[instrument.day]]`, in order of time."},
    {"scenario instrument", "fast", "array", "none", "`{ from, to, spacing }`: times of dense quotes."},
    {"scenario day", "open", "point", "required", "First price of the day."},
    {"scenario day", "high", "point", "none", "Highest, with its time."},
    {"scenario day", "low", "point", "none", "Lowest, with its time."},
    {"scenario day", "close", "point", "none", "Last."},
    {"scenario day", "highest", "price", "none", "Bound where there is no `high`."},
    {"scenario day", "lowest", "price", "none", "Bound where there is no `low`."},
    {"scenario day", "points", "array of points", "none", "Further points of the way."},
    {"scenario point", "at", "time", "required", "With a zone: \"2026-02-09T09:00:00+09:00\"."},
    {"scenario point", "price", "price", "required", "Exactly then."},
    {"scenario point", "floor", "price", "none", "The way from the point before stays above."},
    {"scenario point", "ceiling", "price", "none", "And below."},
    {"scenario fast", "from", "time", "required", "Begin."},
    {"scenario fast", "to", "time", "required", "End."},
    {"scenario fast", "spacing", "duration", "required", "Mean time between quotes."},
});

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const auto above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

// "rule milestone" also has the keys of "rule", "sink slack" those of "sink".
bool belongs(std::string_view section, const KeySpec& spec) {
  if (spec.section == section) return true;
  if (spec.section == "sink") return section.starts_with("sink ");
  return spec.section == "rule" && section.starts_with("rule ") && section != "rule level entry" &&
         section != "rule move window";
}

}  // namespace

std::span<const KeySpec> schema() { return kSchema; }

bool is_key(std::string_view section, std::string_view key) {
  return std::ranges::any_of(kSchema, [&](const KeySpec& spec) { return belongs(section, spec) && spec.key == key; });
}

std::string_view suggestion(std::string_view section, std::string_view key) {
  std::string_view best;
  std::size_t best_distance = key.size() / 2 + 1;
  for (const auto& spec : kSchema) {
    if (!belongs(section, spec)) continue;
    const auto distance = edit_distance(key, spec.key);
    if (distance < best_distance) {
      best = spec.key;
      best_distance = distance;
    }
  }
  return best;
}

std::string schema_markdown() {
  std::string text;
  std::string_view section = "?";
  for (const auto& spec : kSchema) {
    if (spec.section != section) {
      section = spec.section;
      text += text.empty() ? "" : "\n";
      const std::string title = section.empty() ? "Top level" : "`" + std::string(section) + "`";
      text += "### " + title + "\n\n| key | value | default | meaning |\n|---|---|---|---|\n";
    }
    text.append("| `").append(spec.key).append("` | ").append(spec.type).append(" | ");
    text.append(spec.fallback).append(" | ").append(spec.meaning).append(" |\n");
  }
  return text;
}

}  // namespace yagura::config
