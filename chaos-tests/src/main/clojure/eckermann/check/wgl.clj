(ns eckermann.check.wgl
  "The search of Wing and Gong (1993) with the cache of Lowe (2016): take the calls of a doubly linked list out in every
  order that real time allows, until all that returned are out; go back when the model says no; never look twice at a model
  with the same set of calls out."
  (:require [eckermann.check.linear :as linear]
            [eckermann.check.models :as m])
  (:import (java.util ArrayDeque BitSet HashSet)))

(defn- arrays
  "The history as a doubly linked list in arrays: entry 0 is the head; calls know where their return is (0: none)."
  [events]
  (let [n (count events)
        next (int-array (+ n 2)) prev (int-array (+ n 2))
        returns (int-array (+ n 2)) ids (int-array (+ n 2)) call? (boolean-array (+ n 2))
        at (into {} (keep-indexed (fn [i e] (when (= :return (:kind e)) [(:id (:call e)) (inc i)]))) events)]
    (dotimes [i (inc n)]
      (aset next i (if (< i n) (inc i) 0))
      (aset prev i (max 0 (dec i))))
    (doseq [[i e] (map-indexed vector events)]
      (aset ids (inc i) (int (:id (:call e))))
      (aset call? (inc i) (= :call (:kind e)))
      (aset returns (inc i) (int (if (= :call (:kind e)) (get at (:id (:call e)) 0) 0))))
    {:next next :prev prev :returns returns :ids ids :call? call?}))

(defn check
  "Judges calls against a model, as linear/check does."
  ([model calls] (check model calls {}))
  ([model calls {:keys [limit stopped?] :or {limit 2000000 stopped? (constantly false)}}]
   (let [events (linear/events calls)
         ops (object-array (count calls))
         {:keys [^ints next ^ints prev ^ints returns ^ints ids ^booleans call?]} (arrays events)
         must (count (filter #(= :return (:kind %)) events))
         cache (HashSet.) out (BitSet.) stack (ArrayDeque.)
         unlink! (fn [^long i] (let [n (aget next i) p (aget prev i)]
                                 (aset next p n)
                                 (when (pos? n) (aset prev n p))))
         relink! (fn [^long i] (let [n (aget next i) p (aget prev i)]
                                 (aset next p (int i))
                                 (when (pos? n) (aset prev n (int i)))))]
     (doseq [e events] (aset ops (:id (:call e)) (linear/op (:call e))))
     (loop [i (aget next 0) model model done 0 steps 0 deepest 0 stuck nil]
       (cond
         (= done must) {:valid? true :analyzer :wgl}
         (and (zero? (rem steps 1024)) (stopped?)) {:valid? :unknown :analyzer :wgl :cause :stopped}
         (> steps limit) {:valid? :unknown :analyzer :wgl :cause :too-many-steps}

         ;; A call that may take effect now: try it, unless that led nowhere before.
         (and (pos? i) (aget call? i))
         (let [id (aget ids i)
               model' (m/step model (aget ops id))
               fresh (when-not (m/inconsistent? model')
                       (let [^BitSet with (.clone out)]
                         (.set with id)
                         (.add cache [with model'])))]
           (if fresh
             (let [r (aget returns i)]
               (.push stack [i model done])
               (.set out id)
               (unlink! i)
               (when (pos? r) (unlink! r))
               (let [done' (if (pos? r) (inc done) done)]
                 (recur (long (aget next 0)) model' done' (inc steps) (max deepest done') stuck)))
             (recur (long (aget next i)) model done (inc steps) deepest stuck)))

         ;; A return whose call has not taken effect, or the end: the last choice was wrong.
         :else
         (let [stuck (if (and (pos? i) (>= done deepest)) (:call (events (dec i))) stuck)]
           (if (.isEmpty stack)
             {:valid? false :analyzer :wgl :op (when stuck (linear/op stuck)) :call stuck}
             (let [[j model done] (.pop stack) r (aget returns j)]
               (.clear out (int (aget ids j)))
               (when (pos? r) (relink! r))
               (relink! j)
               (recur (long (aget next j)) model (long done) (inc steps) deepest stuck)))))))))
