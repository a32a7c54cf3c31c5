(ns eckermann.check.history
  "Histories as Jepsen writes them: reading them, pairing the ends of calls with their beginnings."
  (:require [clojure.edn :as edn]
            [clojure.java.io :as io]))

(defn read-file
  "All operations of a file with one map a line. A last line that is cut off is left out: its writer died."
  [file]
  (with-open [in (io/reader file)]
    (into [] (keep (fn [line] (try (edn/read-string line) (catch Exception _ nil)))) (line-seq in))))

(defn client-op? [op] (integer? (:process op)))

(defn calls
  "Every call of a history, by its beginning: {:process :f :value :type :invoke :complete :start :end :result :error}.
  :type is :ok, :fail or :info; a call that has no end is :info. :start and :end are indices, the end of an :info is nil."
  [history]
  (let [step (fn [[open done] op]
               (let [p (:process op)]
                 (if (= :invoke (:type op))
                   [(assoc open p op) done]
                   (if-let [begun (get open p)]
                     [(dissoc open p)
                      (conj! done {:process p :f (:f begun) :value (:value begun) :result (:value op) :type (:type op)
                                   :error (:error op) :start (:index begun) :end (when (not= :info (:type op)) (:index op))
                                   :invoke (:time begun) :complete (:time op)})]
                     [open done]))))
        [open done] (reduce step [{} (transient [])] (filter client-op? history))]
    (->> (vals open)
         (reduce (fn [done begun]
                   (conj! done {:process (:process begun) :f (:f begun) :value (:value begun) :result nil :type :info
                                :start (:index begun) :end nil :invoke (:time begun) :complete nil}))
                 done)
         persistent!
         (sort-by :start)
         vec)))

(defn strict
  "Complains about a history that nobody should judge: indices that are not dense, times that fall, a process that does two
  things at once, a failure with another value than its beginning."
  [history]
  (let [problems
        (reduce
         (fn [{:keys [open time problems i] :as state} op]
           (let [p (:process op)
                 wrong (cond
                         (not= i (:index op)) "index is not dense"
                         (< (:time op) time) "time falls"
                         (and (client-op? op) (= :invoke (:type op)) (open p)) "process does two things at once"
                         (and (client-op? op) (not= :invoke (:type op)) (not (open p))) "end without a beginning"
                         (and (= :fail (:type op)) (not= (:value op) (:value (open p)))) "failed with another value")]
             (assoc state
                    :i (inc i)
                    :time (:time op)
                    :open (cond (not (client-op? op)) open
                                (= :invoke (:type op)) (assoc open p op)
                                :else (dissoc open p))
                    :problems (if (and wrong (< (count problems) 10)) (conj problems {:wrong wrong :op op}) problems))))
         {:open {} :time 0 :problems [] :i 0}
         history)]
    (:problems problems)))
