(ns eckermann.check.convict
  "Of every check that does not hold: the calls that show it, twenty at most, when it was, and what all nodes said within two
  seconds of it."
  (:require [eckermann.check.nodelogs :as nodelogs]))

(def ^:private calls-shown 20)
(def ^:private events-shown "The first that tell of an event; the others say the same." 6)
(def ^:private lines-shown 60)
(def ^:private around-ns 2000000000)

(defn- topic-of [{:keys [f value result]}]
  (case f
    :send (first value)
    (:poll :poll-local :follow) (:topic result)
    :seek (first result)
    (:enqueue :lease :ack :nack :parked) "work"
    :once "once"
    (:read :write :cas) (str "reg-" (first value))
    nil))

(defn- events-of
  "The events that a call tells of, [position number] each."
  [{:keys [f result type]}]
  (when (= :ok type)
    (case f
      :send (second result)
      (:poll :poll-local :follow :lease) (map #(take 2 %) (:events result))
      :ack (map vector (:positions result))
      :once [[(second result) (first result)]]
      (:write :cas) [[(nth result 2 nil) nil]]
      nil)))

(defn- numbers-of [{:keys [f value]}]
  (case f :send (second value) :once [(first value)] nil))

(defn- touches
  "Calls of a topic that tell of one of these positions, or of these numbers; of a page of many events those and their neighbours."
  [calls {:keys [topic positions numbers]}]
  (let [position? (set positions) number? (set numbers)
        named? (fn [[p n]] (or (position? p) (and n (number? n))))
        near (fn [events] (let [at (map first (filter named? events))]
                            (filterv (fn [[p]] (some #(<= -1 (- p %) 1) at)) events)))]
    (for [c calls
          :when (and (= topic (topic-of c)) (or (some number? (numbers-of c)) (some named? (events-of c))))]
      (if (and (map? (:result c)) (:events (:result c))) (update-in c [:result :events] near) c))))

(defn- last-of [calls] (when (seq calls) (apply max-key #(or (:complete %) (:invoke %)) calls)))

(defn- shown-by
  "Calls and the one of them that convicts, the last when none is named."
  ([calls] (shown-by calls (last-of calls)))
  ([calls bad] {:calls calls :bad bad}))

(defn- up-to
  "The last calls of a kind up to one."
  [calls same? bad]
  (shown-by (take-last calls-shown (filter #(and (same? %) (<= (:start %) (:start bad))) calls)) bad))

(defn- by-start [calls start] (first (filter #(= start (:start %)) calls)))

;; ---- what each checker found ----

(defn- place
  "Where an anomaly of a log is: its topic, positions and numbers."
  [anomaly]
  (if (map? anomaly)
    {:topic (:topic anomaly)
     :positions (remove nil? (concat (filter number? (map anomaly [:position :at :asked :got :saw :acknowledged :expected :found :before :after]))
                                     (filter number? (:positions anomaly))
                                     (for [k [:before :after] :let [v (k anomaly)] :when (sequential? v)] (first v))))
     :numbers (concat (keep anomaly [:number]) (:numbers anomaly))}
    (let [[[topic position] numbers] anomaly] {:topic topic :positions [position] :numbers numbers})))

(defn- of-log [{:keys [anomalies]} calls]
  (let [[kind [anomaly]] (first anomalies)
        found (touches calls (place anomaly))
        sends (filter #(= :send (:f %)) found)]
    (assoc (shown-by found (if (and (#{:lost-write :duplicate :int-send-skip :nonmonotonic-send} kind) (seq sends)) (last-of sends) (last-of found)))
           :what (str (name kind) " " (pr-str anomaly)))))

(defn- of-register [{:keys [wrong]}]
  (let [{:keys [key held set-by least left-out bad]} (first (filter #(false? (:valid? %)) wrong))]
    (assoc (shown-by (concat set-by least) bad)
           :what (str "register " key " held " (if (= 1 (count held)) (first held) (str "one of " held)) ", and then this can not have been")
           :left-out left-out)))

(defn- of-witness [{:keys [wrong]} calls]
  (let [{:keys [inversions mismatched]} (first wrong)
        named (or (:call (first inversions)) (first mismatched))
        bad (when named (by-start calls (:start named)))]
    (when bad
      (assoc (up-to calls #(= (topic-of bad) (topic-of %)) bad)
             :what (if (seq inversions)
                     (str "what it tells is older than what was complete before it began: version "
                          (quot (:position (first inversions)) 2) " of " (quot (:but-complete-before (first inversions)) 2))
                     "the final log holds something else at its version")))))

(defn- of-cursor [{:keys [moved-back expected-twice]} calls]
  (let [cursor? #(#{:cursor-read :cursor-commit} (:f %))
        same? (fn [c] (= (:call (first moved-back)) (select-keys c [:f :value :result :process])))]
    (if (seq moved-back)
      (assoc (up-to calls cursor? (last-of (filter same? calls))) :what (str "the cursor was at " (:was-at (first moved-back)) " before"))
      (assoc (shown-by (filter #(and (= :cursor-commit (:f %)) (= (first expected-twice) (first (:value %)))) calls))
             :what (str "two commits that expect " (first expected-twice) " were acknowledged")))))

(defn- of-queue [{:keys [never-settled acknowledged-twice leased-after-ack not-enqueued one-token-twice]} calls]
  (let [[what position] (some identity [(when (seq acknowledged-twice) ["acknowledged twice" (first acknowledged-twice)])
                                        (when (seq leased-after-ack) ["leased after its acknowledgement" (:position (first leased-after-ack))])
                                        (when (seq not-enqueued) ["leased as something else" (:position (first not-enqueued))])
                                        (when (seq one-token-twice) ["leased twice under one token" (:position (first one-token-twice))])
                                        (when (seq never-settled) ["never settled" (first never-settled)])])]
    (assoc (shown-by (touches calls {:topic "work" :positions [position]})) :what (str "position " position " of the group's topic: " what))))

(defn- of-time-index [{:keys [wrong times-fall]} calls]
  (if-let [{:keys [topic time answered should-be]} (first wrong)]
    (assoc (shown-by (filter #(and (= :seek (:f %)) (= [topic time answered] (:result %))) calls))
           :what (str "the first event of " topic " at or after " time " is " should-be))
    (let [{:keys [topic positions]} (first times-fall)]
      (assoc (shown-by (touches calls {:topic topic :positions positions})) :what (str "recorded times fall in " topic " at " positions)))))

(defn- of-once [{:keys [two-positions applied-twice lost]} calls]
  (let [[key places] (first (concat two-positions applied-twice lost))]
    (assoc (shown-by (filter #(and (= :once (:f %)) (= key (first (:value %)))) calls)) :what (str "key " key " at " (pr-str places)))))

(defn- of-steps [{:keys [anomalies]} calls]
  (let [[kind [anomaly]] (first anomalies)
        values (if (and (map? anomaly) (not (:cursor anomaly))) (set (keep anomaly [:first :second :step])) #{anomaly})
        found (filter #(and (#{:step :turn} (:f %)) (or (values (:value %)) (values (:result %)))) calls)]
    (assoc (shown-by (if (seq found) found (take-last calls-shown (filter #(= :turn (:f %)) calls)))) :what (str (name kind) " " (pr-str anomaly)))))

(defn- of-events [topic position what calls]
  (let [found (take events-shown (touches calls {:topic topic :positions [position]}))]
    (assoc (shown-by found (when (seq found) (apply min-key #(or (:complete %) Long/MAX_VALUE) found))) :what what)))

(defn- at-time [time what calls]
  (when time
    (let [near (filter #(and (:complete %) (<= (:invoke %) time (+ (:complete %) around-ns))) calls)]
      {:time time :what what :calls (take-last calls-shown near)})))

(defn- of-fault [faults number what calls]
  (at-time (:begin (first (filter #(= number (:number %)) faults))) what calls))

(def ^:private finders
  "Of each check: what convicts, from what it found, the calls and the faults; nil when it is of no moment."
  {:linearizable (fn [c _ _] (of-register c))
   :witness (fn [c calls _] (of-witness c calls))
   :log (fn [c calls _] (of-log c calls))
   :queue (fn [c calls _] (of-queue c calls))
   :cursor (fn [c calls _] (of-cursor c calls))
   :time-index (fn [c calls _] (of-time-index c calls))
   :idempotency (fn [c calls _] (of-once c calls))
   :steps (fn [c calls _] (of-steps c calls))
   :chains (fn [{[d] :diverged} calls _]
             (of-events (:topic d) (:position d) (str (:node d) " holds another event than " (:agree d) " at position " (:position d) " of " (:topic d)) calls))
   :replicas (fn [{[d] :differing [s] :short} calls _]
               (when (or d s)
                 (of-events (:topic (or d s)) (or (:at d) (:head s)) (str (:node (or d s)) " does not hold what others do of " (:topic (or d s))) calls)))
   :liveness (fn [{[s] :silent-while-well} calls _]
               (when s (at-time (:from s) (format "nothing was acknowledged for %.1f s while all was well" (/ (:gap-ns s) 1e9)) calls)))
   :terms (fn [{[t] :fell} calls _] (at-time (:time t) (str "the term of " (:node t) " fell from " (:from t) " to " (:to t)) calls))
   :fail-stop (fn [c calls faults]
                (when-let [found (first (filter :fault (mapcat #(when (sequential? %) %) (vals c))))]
                  (of-fault faults (:fault found) (str "a failure of the disk: " (pr-str (dissoc found :fault))) calls)))
   :evidence (fn [{:keys [crashed not-ready-again nothing-acknowledged-since]} calls faults]
               (let [named (first (concat not-ready-again nothing-acknowledged-since))
                     number (or (:fault (first crashed)) (:number (last (filter #(= named (:name %)) faults))))]
                 (of-fault faults number (if (seq crashed) (str (:node (first crashed)) " ended with " (:exit-code (first crashed))) (str "not well after " named)) calls)))
   :node-logs (fn [{:keys [bugs unexplained]} calls _]
                (let [{:keys [time text]} (first (concat bugs unexplained))] (at-time time text calls)))
   :resources (fn [{[o] :over} calls _]
                (at-time (:time o) (str (name (:node o)) " had " (:value o) " " (name (:figure o)) ", and " (:ceiling o) " are its ceiling") calls))})

(defn- row
  "A call as it is in the history, also of a register, with the end that the checker counts on."
  [calls c bad]
  (let [{:keys [value result]} (or (when (:key c) (by-start calls (:start c))) c)]
    (cond-> (assoc (select-keys c [:process :f :type :error :start :end :invoke :complete]) :value value :result (when (= :ok (:type c)) result))
      (and bad (= (:start c) (:start bad))) (assoc :convicted true))))

(defn- conviction [check result calls faults entries]
  (when-let [found (when-let [find (finders check)] (find result calls faults))]
    (let [{:keys [bad what left-out]} found
          time (or (:time found) (:complete bad) (:invoke bad))
          sorted (sort-by :start (:calls found))
          at (max 0 (- (count sorted) calls-shown))
          kept (if (and bad (> (count sorted) calls-shown) (not-any? #(= (:start bad) (:start %)) (drop at sorted)))
                 (concat [bad] (drop (inc at) sorted))
                 (drop at sorted))]
      (when time
        {:check check :what what :time time
         :calls (mapv #(row calls % bad) kept)
         :left-out (+ (or left-out 0) (- (count sorted) (count kept)))
         :lines (nodelogs/around entries time around-ns lines-shown)}))))

(defn convictions
  "One of each check that does not hold, and that has a moment at which it did not."
  [checks calls faults entries]
  (vec (keep (fn [[k c]] (when (false? (:valid? c)) (conviction k c calls faults entries))) checks)))
