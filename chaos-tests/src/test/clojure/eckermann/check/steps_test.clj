(ns eckermann.check.steps-test
  (:require [clojure.test :refer [deftest is]]
            [eckermann.check.histories :refer [call]]
            [eckermann.check.steps :as steps]))

(def ^:private held {"a" [[1 11] [2 12] [3 15]] "b" [[1 13] [2 16]] "done" [[1 1] [2 2]]})

(defn- told [& parts] (mapv vec (partition 2 parts)))

(def ^:private calls
  [(call :step [["a" [11 12]] ["b" [13]]] 0 1 :result (told "a" [[1 11] [2 12]] "b" [[1 13]]))
   (call :step [["a" [15]] ["b" [16]]] 2 3 :result (told "a" [[3 15]] "b" [[2 16]]))
   (call :step [["a" [17]] ["b" [18]]] 4 5 :type :info)
   (call :turn 1 6 7 :result 1)
   (call :turn 2 8 9 :result 2)
   (call :turns-done [] 10 11 :result 2)])

(defn- found [calls held] (set (keys (:anomalies (steps/check calls held "done")))))

(deftest what-is-well-is-not-convicted
  (is (= #{} (found calls held)))
  (is (= #{} (found calls (-> held (update "a" conj [4 17]) (update "b" conj [3 18]))))))

(deftest step-that-is-half-done-is-convicted-though-nobody-knows-how-it-ended
  (is (= #{:torn} (found calls (update held "a" conj [4 17])))))

(deftest step-that-another-one-got-into-is-convicted
  (is (contains? (found calls (assoc held "a" [[1 11] [2 15] [3 12]])) :torn)))

(deftest step-that-is-gone-or-was-refused-and-is-there-is-convicted
  (is (= #{:lost} (found calls (assoc held "a" [[1 11] [2 12]] "b" [[1 13]]))))
  (is (= #{:refused-but-there}
         (found [(call :step [["a" [11 12]] ["b" [13]]] 0 1 :type :fail)] (dissoc held "done")))))

(deftest steps-in-another-order-in-another-topic-are-convicted
  (is (contains? (found calls (assoc held "b" [[1 16] [2 13]])) :crossed))
  (is (contains? (found [(call :step [["a" [2]]] 0 1 :result (told "a" [[2 2]])) (call :step [["a" [1]]] 2 3 :result (told "a" [[1 1]]))]
                        {"a" [[1 1] [2 2]]})
                 :back-in-time)))

(deftest turn-that-was-done-twice-or-apart-from-its-cursor-is-convicted
  (is (= #{:turns-out-of-order :cursor-apart} (found calls (assoc held "done" [[1 1] [2 2] [3 2]]))))
  (is (= #{:turns-lost :cursor-apart} (found calls (assoc held "done" [[1 1]])))))
