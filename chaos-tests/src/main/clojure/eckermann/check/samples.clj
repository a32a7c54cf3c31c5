(ns eckermann.check.samples
  "What the nodes' processes used while they ran, against ceilings that follow from their settings."
  (:require [clojure.edn :as edn]
            [clojure.java.io :as io]))

(defn read-samples
  "All samples of a run, in order of time: {:time ns :n1 {:pid :rss-kib :files :threads :disk-kib :log-bytes} ...}. A last line
  that is cut off is left out."
  [dir]
  (let [f (io/file dir "samples.edn")]
    (if (.exists f)
      (with-open [in (io/reader f)]
        (into [] (keep (fn [line] (try (edn/read-string line) (catch Exception _ nil)))) (line-seq in)))
      [])))

(defn nodes [samples] (sort (distinct (mapcat #(keys (dissoc % :time)) samples))))

(def figures "What is measured, and as what people read it." (array-map :rss-kib "memory" :files "open files" :threads "threads" :disk-kib "disk"))

(defn- peak [samples node figure]
  (when-let [seen (seq (for [s samples :let [v (get-in s [node figure])] :when v] [v (:time s)]))]
    (apply max-key first seen)))

(defn check
  "Ceilings: {:rss-kib :files :threads :disk-kib}, of every process. Unknown when a ceiling has nothing to be held against."
  [samples ceilings]
  (let [peaks (for [node (nodes samples) figure (keys figures)
                    :let [[value time] (peak samples node figure)]
                    :when value]
                {:node node :figure figure :value value :time time :ceiling (get ceilings figure)})
        highest (into (array-map) (for [f (keys figures) :let [of (filter #(= f (:figure %)) peaks)] :when (seq of)]
                                    [f (apply max-key :value of)]))
        over (filter #(and (:ceiling %) (> (:value %) (:ceiling %))) peaks)
        unmeasured (remove highest (keys ceilings))]
    {:valid? (cond (seq over) false (or (empty? ceilings) (seq unmeasured)) :unknown :else true)
     :samples (count samples)
     :highest highest
     :over (vec over)
     :unmeasured (vec unmeasured)}))
