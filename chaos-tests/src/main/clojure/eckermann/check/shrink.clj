(ns eckermann.check.shrink
  "Of the calls of a register that can not have been in any order, the few that show it. What is left out is left out soundly:
  if all of them could have been, so could those that are kept."
  (:require [eckermann.check.models :as m]
            [eckermann.check.wgl :as wgl]))

(def ^:private points-tried 12)

(defn- impossible? [calls value] (false? (:valid? (wgl/check (m/cas-register value) calls {:limit 50000}))))

(defn- possible? [calls value] (not (impossible? calls value)))

(defn- unknown [call] (assoc call :type :info :end nil))

(defn- up-to
  "The calls that had begun when the convicted one ended; those that ended later had no end yet, and reads of them no answer."
  [calls bad]
  (for [c calls :when (and (<= (:start c) (:end bad)) (not= :fail (:type c)))
        :let [open? (or (nil? (:end c)) (> (:end c) (:end bad)))]
        :when (not (and open? (= :read (:f c))))]
    (if open? (unknown c) c)))

(defn- quiet-points
  "How many calls come before each moment at which none was under way but those that nobody knows of, the last moment first."
  [calls]
  (loop [i 0 open-until -1 points ()]
    (if (= i (count calls))
      points
      (let [c (nth calls i)]
        (recur (inc i) (max open-until (or (:end c) -1))
               (if (and (pos? i) (< open-until (:start c))) (cons i points) points))))))

(defn- written [c] (case (:f c) :write (:value c) :cas (second (:value c)) nil))

(defn- values-after
  "What the register may have held when these calls were over."
  [value calls]
  (let [end (inc (reduce max (keep :end calls)))
        seen (fn [v] {:f :read :type :ok :value nil :result v :start end :end (inc end)})]
    (for [v (distinct (cons value (keep written calls))) :when (possible? (concat calls [(seen v)]) value)] v)))

(defn- cut
  "The calls behind a quiet point and what the register held there, when these can not have been whatever it was; else nil."
  [value calls point]
  (let [[before after] (split-at point calls)
        kept (concat (filter #(= :info (:type %)) before) after)
        held (when (some :end before) (values-after value before))]
    (when (and (seq held) (every? #(impossible? kept %) held))
      {:held (vec held) :calls (vec kept)})))

(defn- observed [calls]
  (into #{} (keep (fn [c] (case (:f c) :read (:result c) :cas (first (:value c)) nil))) calls))

(defn- without-the-rest
  "Leaves out reads, and writes of what nobody saw, as long as what remains can not have been."
  [{:keys [held calls] :as found} bad]
  (reduce (fn [found c]
            (let [fewer (remove #(= (:start c) (:start %)) (:calls found))
                  may-go? (and (not= (:start c) (:start bad))
                               (or (= :read (:f c)) (and (= :write (:f c)) (not ((observed (:calls found)) (:value c))))))]
              (if (and may-go? (every? #(impossible? fewer %) held))
                (assoc found :calls (vec fewer))
                found)))
          found calls))

(defn smallest
  "What a register held (:held, every value that it may have had; :set-by, the calls that wrote them), and the :calls from then on
  that can not have been; :left-out is how many there were beside. `bad` is the call at which the search got stuck; `value` is what the register began with."
  [value calls bad]
  (let [reached (vec (sort-by :start (up-to calls bad)))
        all (if (impossible? reached value) reached (vec (sort-by :start calls)))
        found (or (some #(cut value all %) (take points-tried (quiet-points all))) {:held [value] :calls all})
        {:keys [held] :as least} (without-the-rest found bad)
        kept (set (map :start (:calls least)))
        set-by (filterv #(and (some #{(written %)} held) (not (kept (:start %)))) reached)]
    (assoc least :set-by set-by :left-out (- (count calls) (count kept) (count set-by)))))
