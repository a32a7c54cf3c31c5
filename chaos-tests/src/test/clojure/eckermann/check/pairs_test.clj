(ns eckermann.check.pairs-test
  "Faults that overlap: each is judged for itself, and all is well only when none of both is left."
  (:require [clojure.test :refer [deftest is]]
            [eckermann.check.core :as core]
            [eckermann.check.evidence :as evidence]
            [eckermann.check.goals :as goals]
            [eckermann.check.histories :refer [call]]
            [eckermann.check.liveness :as liveness]))

(defn- phase [time f number phase & {:as more}]
  {:process :nemesis :type :info :time time :f f :value (merge {:number number :id (str "N" number) :phase phase} more)})

(def ^:private overlapping
  [(phase 10 :kill-leader 1 :begin :with 2) (phase 11 :kill-leader 1 :struck :targets ["n1"])
   (phase 20 :slow-disk 2 :begin :with 1) (phase 21 :slow-disk 2 :struck :targets ["n2"])
   (phase 30 :slow-disk 2 :healed) (phase 33 :kill-leader 1 :healed)
   (phase 40 :kill-leader 1 :recovered :proven true :evidence {:all-ready-again true})
   (phase 41 :slow-disk 2 :recovered :proven true :evidence {:all-ready-again true})])

(defn- without-proof-of [number] (mapv #(cond-> % (and (= number (get-in % [:value :number])) (:proven (:value %))) (assoc-in [:value :proven] false)) overlapping))

(deftest each-of-two-faults-proves-itself
  (let [faults (evidence/faults overlapping)]
    (is (= [[1 2 10 40] [2 1 20 41]] (map (juxt :number :with :begin :recovered) faults)))
    (is (= {:valid? true :planned 2 :proven 2 :skipped 0} (select-keys (evidence/check faults ["kill-leader+slow-disk"]) [:valid? :planned :proven :skipped])))
    (doseq [number [1 2]]
      (is (= :unknown (:valid? (evidence/check (evidence/faults (without-proof-of number)) ["kill-leader+slow-disk"])))))
    (is (= 2 (:skipped (evidence/check [] ["kill-leader+slow-disk"]))))))

(deftest all-is-well-only-when-both-are-over
  (let [faults (evidence/faults overlapping)]
    (is (= [[0 10] [41 60]] (liveness/well faults 0 60)))
    (is (= [[0 10] [45 60]] (liveness/well (assoc-in faults [0 :recovered] 45) 0 60)) "in whatever order they end")
    (is (= [[0 10] [41 50] [55 60]] (liveness/well (conj faults {:begin 50 :recovered 55}) 0 60)))))

(deftest goals-for-one-fault-alone-are-not-measured-on-two
  (let [recovery (fn [with] {:checks {:liveness {:recovery [{:name "kill-leader" :unavailable-ns 9000000000 :with with}]}}})
        reached (fn [results] (:reached (first (:goals (goals/check [["leader-lost-ms" 5000]] results)))))]
    (is (false? (reached (recovery nil))))
    (is (nil? (:value (first (:goals (goals/check [["leader-lost-ms" 5000]] (recovery 2)))))))))

(def ^:private one-of-each
  (map-indexed (fn [i f] (call f nil (* 2 i) (inc (* 2 i)))) [:read :write :cas :send :poll :poll-local :follow :enqueue :lease :ack :cursor-read :cursor-commit :seek :once :step :turn]))

(deftest kind-of-call-that-never-succeeded-or-never-was-makes-a-run-unknown
  (is (true? (:valid? (core/stats one-of-each))))
  (is (= [:unknown [:nack]] ((juxt :valid? :never-ok) (core/stats (conj one-of-each (call :nack nil 90 91 :type :fail))))))
  (is (= [:unknown [:turn]] ((juxt :valid? :never-called) (core/stats (butlast one-of-each))))))
