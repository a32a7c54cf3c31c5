(ns eckermann.report.text
  "The report as text and as JUnit's XML."
  (:require [clojure.string :as str]
            [eckermann.check.samples :as samples]))

(defn verdict [valid] (get {true "VALID" false "INVALID" :unknown "UNKNOWN"} valid))

(defn percentile [sorted-values p]
  (when (seq sorted-values)
    (nth sorted-values (min (dec (count sorted-values)) (long (* p (count sorted-values)))))))

(defn ms [ns] (if ns (format "%.1f" (/ ns 1e6)) "-"))

(defn secs [ns] (if ns (format "%.1f s" (/ ns 1e9)) "-"))

(defn during-fault?
  "Whether a time is within a fault."
  [faults time]
  (some #(and (<= (:begin %) time) (<= time (or (:healed %) Long/MAX_VALUE))) faults))

(defn figures
  "The numbers that people compare."
  [{:keys [checks calls faults]}]
  (let [by (frequencies (map :type calls))
        latencies (vec (sort (keep #(when (= :ok (:type %)) (- (:complete %) (:invoke %)))
                                   (remove #(#{:follow :lease} (:f %)) calls))))
        log (:log checks)]
    {:ok (by :ok 0) :fail (by :fail 0) :info (by :info 0)
     :p50 (percentile latencies 0.5) :p99 (percentile latencies 0.99) :max (peek latencies)
     :ok-during-faults (count (filter #(and (= :ok (:type %)) (during-fault? faults (:complete %))) calls))
     :acked (+ (:acked-events log) (get-in checks [:queue :enqueued] 0) (get-in checks [:idempotency :keys] 0))
     :acked-log (:acked-events log)
     :lost (+ (get-in log [:counts :lost-write] 0) (count (get-in checks [:idempotency :lost])))
     :duplicated (+ (get-in log [:counts :duplicate] 0) (count (get-in checks [:idempotency :applied-twice])))
     :reordered (+ (get-in log [:counts :int-send-skip] 0) (get-in log [:counts :nonmonotonic-send] 0))
     :phantom (get-in log [:counts :aborted-read] 0)
     :unavailable-max (get-in checks [:liveness :unavailable-max-ns])}))

(defn- mark [check] (get {true "ok " false "RED" :unknown "???"} (:valid? check)))

(defn explain
  "What is wrong with a check, in a line; nil when nothing is."
  [[k check]]
  (when-not (true? (:valid? check))
    (let [facts (into {} (remove (fn [[_ v]] (or (boolean? v) (number? v) (and (coll? v) (empty? v))))) (dissoc check :valid? :recovery :counts :goals :heads :highest :by-f))
          text (pr-str facts)]
      (str (name k) ": " (subs text 0 (min 700 (count text)))))))

(defn goal-line
  "Whether a goal was reached, what it is, what was reached, and what was to be."
  [{:keys [reached label kind value bound]}]
  (format "%s %-58s %10s   at %s %,d" (if reached "reached" "NOT YET") label (if value (format "%,d" (long value)) "-") (name kind) bound))

(defn call-line
  "A call as a person reads it."
  [{:keys [process f value result type error start convicted]}]
  (str (if convicted ">" " ") " line " (inc start) "  process " process " " (name f) " " (pr-str value)
       (case type :ok (str " -> " (pr-str result)) :fail (str " refused" (when error (str ", " (name error)))) " nobody knows")))

(defn- short-of [s] (if (< 240 (count s)) (str (subs s 0 240) "..") s))

(defn repro "The line that plays the run again." [test] (str "chaos-tests/chaos replay " (:directory test)))

(defn node-line "What a node said, and how much later it was." [[ms said]] (str (format "%+5.1f s  " (/ ms 1e3)) said))

(defn conviction
  "What convicts, in lines: when, the calls, and what nodes said then."
  [{:keys [check what time calls left-out lines]}]
  (str (format "  %s at %.1f s: %s%n" (name check) (/ time 1e9) (short-of what))
       (apply str (map #(str "    " (short-of (call-line %)) "\n") calls))
       (when (pos? left-out) (str "      (" left-out " other calls are left out)\n"))
       (when (seq lines) "    nodes, within two seconds:\n")
       (apply str (map #(str "      " (short-of (node-line %)) "\n") (sort-by first (take 12 (sort-by (comp abs first) lines)))))))

(defn- line [label & words] (str (format "%-14s" label) (str/join words) "\n"))

(defn amount
  "A measured figure as people read it."
  [figure value]
  (if (#{:rss-kib :disk-kib} figure) (str (quot value 1024) " MiB") (str value)))

(defn- resource [[figure {:keys [value ceiling node]}]]
  (str (samples/figures figure) " " (amount figure value) (when ceiling (str " of " (amount figure ceiling))) " (" (name node) ")"))

(defn- of-cluster
  "What there is to be said when there was a cluster."
  [{:keys [test checks] :as results}]
  (let [f (figures results)
        {:keys [linearizable witness log queue cursor time-index idempotency steps replicas chains states liveness fail-stop node-logs resources]} checks]
    (str
     (line "ops" (format "ok %,d  fail %,d  info %,d   p50 %s ms  p99 %s ms   during faults ok %,d"
                         (:ok f) (:fail f) (:info f) (ms (:p50 f)) (ms (:p99 f)) (:ok-during-faults f)))
     (line "acked appends" (format "%,d events (log %,d)   lost %d  duplicated %d  reordered %d  phantom (refused but there) %d"
                                   (:acked f) (:acked-log f) (:lost f) (:duplicated f) (:reordered f) (:phantom f)))
     (line "linearizable" (mark linearizable) " " (:keys linearizable) " keys, " (:calls linearizable) " calls by search ("
           (:seconds linearizable) " s" (when (:knossos linearizable) ", Knossos agrees") ")   witness " (mark witness) " " (:appends witness) " appends, " (:reads witness) " reads")
     (line "log anomalies" (mark log) " " (reduce + (vals (:counts log))) " of " (:kinds log) " kinds")
     (line "consumers" (mark queue) " group: " (:enqueued queue) " enqueued, " (:acknowledged queue) " acknowledged, " (:parked queue) " parked   "
           (mark cursor) " cursor: " (:commits cursor) " commits")
     (line "time index" (mark time-index) " " (:seeks time-index) " seeks   idempotency " (mark idempotency) " " (:keys idempotency) " keys, " (:retries idempotency) " retries")
     (line "steps" (mark steps) " " (:done steps) " of several topics, " (:turns steps) " turns of a loop")
     (line "replicas" (mark replicas) " " (:nodes replicas) "/" (:nodes test) " equal, " (:events replicas) " events (sha256 " (:digest replicas) "..)   chains " (mark chains) " " (:topics chains) " topics   states " (mark states) " " (:nodes states))
     (line "node logs" (mark node-logs) " " (:errors node-logs) " errors, " (:explained node-logs) " lines explained by faults, " (:unexplained-count node-logs) " not")
     (when resources (line "resources" (mark resources) " at most " (str/join ", " (map resource (:highest resources)))))
     (line "terms" (mark (:terms checks)) "   fail-stop " (mark fail-stop) " " (:failures fail-stop) " failed disks")
     (line "recovery" (str/join "  " (map (fn [r] (str (:name r) " " (secs (:unavailable-ns r)))) (:recovery liveness)))
           (format "  (max unavailable %s)" (secs (:unavailable-max f)))))))

(defn build
  "Which build was tried, and which one nodes began as where it was another."
  [{:keys [git upgraded-from]}]
  (str git (when upgraded-from (str ", nodes began as " upgraded-from))))

(defn report [{:keys [valid? test checks harness-errors convictions] :as results}]
  (let [{:keys [raft-meta flips evidence goals]} checks
        skipped (:skipped test)
        passed (count (filter #(true? (:valid? %)) (vals checks)))
        red (count (filter #(false? (:valid? %)) (vals checks)))
        unknown (- (count checks) passed red)]
    (str
     "\n"
     (format "chaos %s  seed=%s git=%s ratis=%s nodes=%s backend=%s  wall=%ss   VERDICT %s%n"
             (:name test) (:seed test) (build test) (:ratis test) (:nodes test) (:backend test) (:wall-s test) (verdict valid?))
     (line "faults" "planned " (:planned evidence) "  proven " (:proven evidence) "  kinds " (:kinds evidence)
           "  skipped " (count skipped) (when (seq skipped) (str " (" (str/join "; " (map #(str (:name %) ": " (:why %)) skipped)) ")")))
     (when (:cluster test) (of-cluster results))
     (line "raft-meta" (mark raft-meta) " " (:cuts raft-meta) " cuts of power, " (count (:regressed raft-meta)) " regressed"
           (when (pos? (:targeted raft-meta))
             (str "   aimed " (str/join ", " (map (fn [[k v]] (str (name k) " " v)) (concat (:by-filesystem raft-meta) (:by-moment raft-meta)))))))
     (when flips
       (line "flips" (mark flips) " " (:held flips) " of " (:flips flips) " refused by name, or changed nothing   "
             (str/join ", " (for [[kind outcomes] (:by-kind flips)]
                              (str (name kind) " " (str/join " " (map (fn [[o n]] (str (name o) " " n)) (sort-by key outcomes))))))))
     (when (seq (:goals goals)) (line "goals" (:reached goals) " of " (:of goals) " reached"))
     (apply str (map #(str "  " % "\n") (map goal-line (:goals goals))))
     (apply str (map #(str "  " % "\n") (keep explain (remove (comp (set (map :check convictions)) key) checks))))
     (apply str (map #(str "  harness: " % "\n") harness-errors))
     (when (seq convictions) "convicted\n")
     (apply str (map conviction convictions))
     (line "repro" (repro test))
     (format "%d passed, %d failed, %d unknown, %d skipped%n" passed red unknown (count skipped)))))

(defn- escape [s]
  (-> (str s) (str/replace "&" "&amp;") (str/replace "<" "&lt;") (str/replace ">" "&gt;") (str/replace "\"" "&quot;")))

(defn junit [{:keys [test checks] :as results}]
  (let [cases (concat
               (for [[k check] checks]
                 (str "  <testcase classname=\"chaos." (:name test) "\" name=\"" (name k) "\">"
                      (case (verdict (:valid? check))
                        "VALID" ""
                        "INVALID" (str "<failure message=\"invalid\">" (escape (explain [k check])) "</failure>")
                        (str "<error message=\"unknown\">" (escape (explain [k check])) "</error>"))
                      "</testcase>\n"))
               (for [{:keys [goal reached] :as whole} (:goals (:goals checks)) :let [line (goal-line whole)]]
                 (str "  <testcase classname=\"chaos." (:name test) ".goals\" name=\"" goal "\">"
                      (if reached (str "<system-out>" (escape line) "</system-out>") (str "<failure message=\"" (escape line) "\"/>"))
                      "</testcase>\n"))
               (for [s (:skipped test)]
                 (str "  <testcase classname=\"chaos." (:name test) "\" name=\"" (escape (:name s)) "\"><skipped message=\"" (escape (:why s)) "\"/></testcase>\n")))]
    (str "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
         "<testsuite name=\"chaos " (:name test) " seed " (:seed test) "\" tests=\"" (count cases) "\" failures=\""
         (+ (count (filter #(false? (:valid? %)) (vals checks))) (count (:missed (:goals checks)))) "\" errors=\""
         (count (filter #(= :unknown (:valid? %)) (vals (:checks results)))) "\" skipped=\"" (count (:skipped test)) "\" time=\"" (:wall-s test) "\">\n"
         (apply str cases)
         "</testsuite>\n")))
