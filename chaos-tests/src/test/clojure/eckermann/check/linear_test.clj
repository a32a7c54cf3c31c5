(ns eckermann.check.linear-test
  (:require [clojure.test :refer [deftest is]]
            [eckermann.check.competition :as competition]
            [eckermann.check.histories :as hs :refer [call]]
            [eckermann.check.linear :as linear]
            [eckermann.check.models :as m]
            [eckermann.check.wgl :as wgl]))

(def ^:private start (m/cas-register 0))

(defn- verdicts [calls] [(:valid? (linear/check start calls)) (:valid? (wgl/check start calls))])

(deftest a-read-sees-a-write-that-overlaps-it-or-not
  (is (= [true true] (verdicts [(call :write 1 0 10) (call :read nil 5 7 :result 1)])))
  (is (= [true true] (verdicts [(call :write 1 0 10) (call :read nil 5 7 :result 0)]))))

(deftest a-read-does-not-see-what-was-overwritten-before-it-began
  (is (= [false false] (verdicts [(call :write 1 0 1) (call :read nil 2 3 :result 0)])))
  (is (= [false false] (verdicts [(call :write 1 0 1) (call :read nil 2 9 :result 1) (call :write 2 10 11) (call :read nil 12 13 :result 1)]))))

(deftest a-value-does-not-go-away-once-it-was-seen
  (is (= [false false] (verdicts [(call :write 1 0 20) (call :read nil 1 2 :result 1) (call :read nil 3 4 :result 0)]))))

(deftest an-unknown-write-may-take-effect-much-later-or-never
  (is (= [true true] (verdicts [(call :write 1 0 nil) (call :read nil 2 3 :result 0) (call :read nil 4 5 :result 1)])))
  (is (= [true true] (verdicts [(call :write 1 0 nil) (call :read nil 2 3 :result 0)])))
  (is (= [false false] (verdicts [(call :write 1 0 nil) (call :read nil 2 3 :result 1) (call :read nil 4 5 :result 0)]))))

(deftest a-refused-write-never-was
  (is (= [false false] (verdicts [(call :write 1 0 1 :type :fail) (call :read nil 2 3 :result 1)]))))

(deftest of-two-that-expect-the-same-only-one-succeeds
  (is (= [false false] (verdicts [(call :cas [0 1] 0 5) (call :cas [0 2] 1 6)])))
  (is (= [true true] (verdicts [(call :cas [0 1] 0 5) (call :cas [1 2] 1 6)]))))

(deftest both-agree-with-each-other-and-with-trying-all-orders
  (doseq [seed (range 400)
          :let [calls (hs/linearizable seed 6)]
          calls [calls (hs/mutated seed calls)]
          :let [truth (hs/brute-force start calls)]]
    (is (= [truth truth] (verdicts calls)) (str "seed " seed))))

(deftest both-agree-on-longer-histories
  (doseq [seed (range 1000 1300)
          :let [calls (hs/linearizable seed 40)]]
    (is (= [true true] (verdicts calls)) (str "seed " seed))
    (is (apply = (verdicts (hs/mutated seed calls))) (str "mutated, seed " seed))))

(deftest the-first-of-both-that-knows-wins
  (is (true? (:valid? (competition/analysis start (hs/linearizable 7 200)))))
  (is (false? (:valid? (competition/analysis start [(call :write 1 0 1) (call :read nil 2 3 :result 0)])))))

(deftest what-takes-too-long-is-unknown-and-not-valid
  (is (= :unknown (:valid? (linear/check start (hs/linearizable 7 50) {:stopped? (constantly true)}))))
  (is (= :unknown (:valid? (wgl/check start (hs/linearizable 7 50) {:stopped? (constantly true)})))))

(deftest a-failure-names-the-call-that-can-not-have-been
  (let [result (linear/check start [(call :write 1 0 1) (call :read nil 2 3 :result 0)])]
    (is (= {:f :read :value 0} (:op result)))
    (is (seq (:configs result)))))
