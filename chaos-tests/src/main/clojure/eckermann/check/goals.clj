(ns eckermann.check.goals
  "What a run was to come to, and what it came to. A goal that is not reached makes the run unknown: nothing is known to be
  broken, but it did not show what it was to show."
  (:require [eckermann.check.liveness :as liveness]
            [eckermann.report.text :as text]))

(def ^:private settling-ns
  "So long after a fault calls may be slow still."
  1000000000)

(defn slow-follower
  "The 99th percentile of writes while one follower's disk was slow, in percent of what it was while all was well; nil when one of
  the two is not known."
  [faults calls end]
  (let [writes (sort-by :invoke (filter #(and (= :ok (:type %)) (liveness/writes (:f %))) calls))
        p99 (fn [windows]
              (text/percentile (vec (sort (for [w writes :when (some (fn [[from to]] (and (<= from (:invoke w)) (< (:invoke w) to))) windows)]
                                            (- (:complete w) (:invoke w)))))
                               0.99))
        slow (p99 (for [f faults :when (and (re-matches #"slow-disk-.*-follower" (:name f)) (not (:with f)) (:struck f) (:healed f))]
                    [(:struck f) (:healed f)]))
        healthy (p99 (for [[from to] (liveness/well faults (or (:complete (first writes)) 0) (or (:complete (last writes)) end))]
                       [(+ from settling-ns) to]))]
    (when (and slow healthy)
      (Math/round (/ (* 100.0 slow) healthy)))))

(defn- leader-lost [{:keys [checks]}]
  (when-let [gaps (seq (for [r (get-in checks [:liveness :recovery])
                             :when (and (#{"kill-leader" "partition-leader" "partition-leader-and-clients"} (:name r)) (not (:with r)))]
                         (:unavailable-ns r)))]
    (quot (reduce max gaps) 1000000)))

(def ^:private figures
  "Of each: its name for people, whether the bound is the least or the most, and how it is had of a run."
  {"acked-events" ["events acknowledged" :least #(:acked (text/figures %))]
   "calls" ["calls done and judged" :least #(:ok (text/figures %))]
   "whole-cuts" ["cuts of all power, proven" :least (fn [{:keys [faults]}] (count (filter #(and (= "power-cut-all" (:name %)) (:proven %)) faults)))]
   "fault-kinds" ["kinds of faults, proven" :least #(get-in % [:checks :evidence :kinds])]
   "raft-meta-cuts" ["cuts at raft-meta, proven, without a regress" :least (fn [{{:keys [raft-meta]} :checks}] (- (:targeted raft-meta) (count (:regressed raft-meta))))]
   "flips" ["flips of a bit that were refused by name, or changed nothing" :least #(get-in % [:checks :flips :held])]
   "leader-lost-ms" ["ms without an ack after the leader was killed or cut off" :most leader-lost]
   "slow-follower-p99-percent" ["p99 of writes with one slow follower, % of healthy" :most (fn [{:keys [faults calls end]}] (slow-follower faults calls end))]})

(defn check
  "Goals are [name bound] each, as the run's plan has them."
  [goals results]
  (let [judged (for [[figure bound] goals
                     :let [[label kind of] (get figures figure)
                           value (of results)]]
                 {:goal figure :label label :bound bound :kind kind :value value
                  :reached (and (some? value) (if (= :least kind) (>= value bound) (<= value bound)))})]
    {:valid? (if (every? :reached judged) true :unknown)
     :reached (count (filter :reached judged)) :of (count judged)
     :missed (mapv :goal (remove :reached judged))
     :goals (vec judged)}))
