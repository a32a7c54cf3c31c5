(ns eckermann.check.goals-test
  (:require [clojure.string :as str]
            [clojure.test :refer [deftest is]]
            [eckermann.check.goals :as goals]
            [eckermann.report.text :as text]))

(defn- write-of [at-ms took-ms]
  {:f :send :type :ok :invoke (* at-ms 1000000) :complete (* (+ at-ms took-ms) 1000000)})

(def ^:private slow-disk {:number 1 :id "N10" :name "slow-disk-80ms-follower" :begin 10000000000 :struck 10000000000
                          :healed 20000000000 :recovered 20000000000 :proven true})

(def ^:private results
  {:faults [slow-disk {:number 2 :id "N5" :name "power-cut-all" :begin 40000000000 :recovered 50000000000 :proven true}]
   :calls (concat (map #(write-of % 10) (range 0 9000 100)) (map #(write-of % 15) (range 10000 20000 100)) [(write-of 39000 10)])
   :end 60000000000
   :checks {:log {:acked-events 700} :queue {:enqueued 50} :evidence {:kinds 2}
            :raft-meta {:targeted 200 :regressed [{}]}
            :liveness {:recovery [{:name "kill-leader" :unavailable-ns 3200000000} {:name "power-cut-all" :unavailable-ns 9000000000}]}}})

(defn- judged [figure bound] (first (:goals (goals/check [[figure bound]] results))))

(deftest goals-are-counted-where-they-are
  (is (= {:value 1 :reached true} (select-keys (judged "whole-cuts" 1) [:value :reached])))
  (is (= 3200 (:value (judged "leader-lost-ms" 5000))))
  (is (= 150 (:value (judged "slow-follower-p99-percent" 200))))
  (is (= 191 (:value (judged "calls" 100))))
  (is (= 750 (:value (judged "acked-events" 1000)))))

(deftest goal-that-is-missed-is-named-and-makes-the-run-unknown
  (is (= {:valid? :unknown :reached 1 :of 2 :missed ["raft-meta-cuts"]}
         (select-keys (goals/check [["raft-meta-cuts" 200] ["whole-cuts" 1]] results) [:valid? :reached :of :missed])))
  (is (false? (:reached (judged "leader-lost-ms" 3000))))
  (is (str/starts-with? (text/goal-line (judged "leader-lost-ms" 3000)) "NOT YET"))
  (is (true? (:valid? (goals/check [] results)))))

(deftest figure-that-nothing-is-known-of-is-not-reached
  (let [nothing (assoc results :faults [] :calls [])]
    (is (= :unknown (:valid? (goals/check [["slow-follower-p99-percent" 200]] nothing))))
    (is (str/includes? (text/goal-line (first (:goals (goals/check [["slow-follower-p99-percent" 200]] nothing)))) "-"))))
