(ns eckermann.check.histories
  "Histories for tests: made by hand, or by playing calls against a model in a random order and then spreading their
  beginnings and ends around the moment at which each took effect."
  (:require [eckermann.check.models :as m])
  (:import (java.util Random)))

(defn call
  "One call by hand: beginning and end are any rising numbers, nil for a call that never returned."
  [f value start end & {:keys [type result process] :or {type (if end :ok :info) process start}}]
  {:f f :value value :result result :type type :start start :end end :process process :invoke start :complete end})

(defn- op-for [^Random r state]
  (case (.nextInt r 3)
    0 {:f :write :value (.nextInt r 4)}
    1 {:f :read :value state}
    2 {:f :cas :value [(if (.nextBoolean r) state (.nextInt r 4)) (.nextInt r 4)]}))

(defn linearizable
  "Calls on a register that begins with 0, of which some end unknown and some of these never took effect."
  [seed n]
  (let [r (Random. seed)]
    (loop [i 0 model (m/cas-register 0) at 0 calls []]
      (if (= i n)
        calls
        (let [op (op-for r (:value model))
              next (m/step model op)
              lost? (zero? (.nextInt r 8))
              point (+ at 10)
              start (- point (.nextInt r 25)) end (+ point 1 (.nextInt r 25))
              base {:f (:f op) :value (if (= :read (:f op)) nil (:value op)) :process i
                    :start (+ (* 1000 start) i) :end (+ (* 1000 end) i) :invoke start :complete end}]
          (cond
            (m/inconsistent? next) (recur (inc i) model point (conj calls (assoc base :type :fail)))
            (and lost? (not= :read (:f op)))
            (recur (inc i) (if (.nextBoolean r) next model) point (conj calls (assoc base :type :info :end nil)))
            :else (recur (inc i) next point (conj calls (assoc base :type :ok :result (when (= :read (:f op)) (:value op)))))))))))

(defn mutated
  "The same with another answer to one read, which may or may not be possible."
  [seed calls]
  (let [r (Random. seed)
        reads (keep-indexed (fn [i c] (when (and (= :read (:f c)) (= :ok (:type c))) i)) calls)]
    (if (empty? reads)
      calls
      (assoc-in (vec calls) [(nth reads (.nextInt r (count reads))) :result] (.nextInt r 4)))))

(defn brute-force
  "Whether there is an order, by trying all. For a handful of calls."
  [model calls]
  (let [calls (remove #(= :fail (:type %)) calls)]
    (letfn [(search [model left]
              (if (not-any? #(= :ok (:type %)) left)
                true
                (let [earliest (reduce min Long/MAX_VALUE (keep :end left))]
                  (some (fn [c]
                          (when (< (:start c) earliest)
                            (let [next (m/step model {:f (:f c) :value (if (and (= :ok (:type c)) (some? (:result c))) (:result c) (:value c))})]
                              (when-not (m/inconsistent? next)
                                (search next (remove #(identical? c %) left))))))
                        left))))]
      (boolean (search model calls)))))
